/// One turn in a stored conversation, with what a reader needs to place it.
package struct Message: Sendable, Hashable {
    /// The record's own id, mostly a uuid; `FILE@OFFSET` for a record without one.
    package var id: String
    package var conversation: String
    /// The context window in which it first occurred.
    package var window: WindowID
    /// The place in that window, counted from 1.
    package var position: Int
    package var participant: Participant
    package var kind: MessageKind
    /// The directory the agent worked in.
    package var project: String?
    /// The repository that the directory belongs to: a normalised remote URL such as `github.com/ana/atlas`, or `MACHINE:/path/.git`.
    package var repository: String?
    package var branch: String?
    /// The message's own time, or that of the record before it where it has none.
    package var time: Timestamp
    package var model: String?
    /// The nearest message before it in the chain of records, where that is stored.
    package var parent: String?
    package var blocks: [Block]
    /// Where this message stands in the order of time; for cursors.
    package var place: MessagePlace
    /// `nil` for what was stored before origins were kept.
    package var origin: Origin?

    package init(
        id: String, conversation: String, window: WindowID, position: Int, participant: Participant, kind: MessageKind,
        project: String?, branch: String?, time: Timestamp, model: String?, parent: String?, blocks: [Block], place: MessagePlace,
        repository: String? = nil, origin: Origin? = nil
    ) {
        self.id = id
        self.conversation = conversation
        self.window = window
        self.position = position
        self.participant = participant
        self.kind = kind
        self.project = project
        self.branch = branch
        self.time = time
        self.model = model
        self.parent = parent
        self.blocks = blocks
        self.place = place
        self.repository = repository
        self.origin = origin
    }
}

/// A total order over the messages of a store: by time, then by the order in which they were stored.
package struct MessagePlace: Sendable, Hashable, Comparable {
    package var time: Timestamp
    package var row: Int64

    package init(time: Timestamp, row: Int64) {
        self.time = time
        self.row = row
    }

    package static func < (left: MessagePlace, right: MessagePlace) -> Bool {
        (left.time, left.row) < (right.time, right.row)
    }
}
