package import MemoryModel
package import Redaction

/// One row of an archive. The cases stand in the order of an archive's sections; docs/archive.md has their fields.
///
/// Rows are named by what they are (ids, paths, openers), never by a number of the back end. The one exception is a source: its number
/// counts the sources of this archive from 1, since millions of rows name one.
package enum ArchiveRow: Sendable {
    case era(name: RedactedText, start: Timestamp)
    case conversation(RedactedText)
    case window(WindowKey, project: ArchivedProject?)
    case source(ArchivedSource)
    case record(ArchivedRecord)
    case message(ArchivedMessage)
    /// A record of the chain that is no message.
    case node(ArchivedNode)
    /// A window in which a message stands again.
    case occurrence(ArchivedOccurrence)
    case title(ArchivedTitle)
    case compaction(id: RedactedText, window: WindowName)
    case spawn(conversation: RedactedText, opener: RedactedText, toolUseID: RedactedText)
    case reply(id: RedactedText, conversation: RedactedText, TokenUsage)
    case extent(ArchivedExtent)
}

/// A directory and the repository that it belongs to.
package struct ArchivedProject: Sendable, Hashable {
    package var path: RedactedText
    package var repository: RedactedText?

    package init(path: RedactedText, repository: RedactedText?) {
        self.path = path
        self.repository = repository
    }
}

package struct WindowName: Sendable, Hashable {
    package var conversation: RedactedText
    package var opener: RedactedText

    package init(conversation: RedactedText, opener: RedactedText) {
        self.conversation = conversation
        self.opener = opener
    }
}

/// A line of a source.
package struct ArchivedPlace: Sendable, Hashable {
    /// The source's number in the archive.
    package var source: Int
    package var offset: Int64

    package init(source: Int, offset: Int64) {
        self.source = source
        self.offset = offset
    }
}

package struct ArchivedSource: Sendable {
    package var number: Int
    package var key: SourceKey
    package var generation: Int
    package var identity: RedactedText
    package var headHash: RedactedText
    package var headLength: Int
    package var offset: Int64
    package var line: Int64
    package var size: Int64
    package var readTime: Timestamp?
    package var readerState: RedactedJSON
    package var origin: CaptureOrigin?
    /// Only some of its records are in the archive: a selection.
    package var isPart: Bool

    package init(
        number: Int, key: SourceKey, generation: Int, identity: RedactedText, headHash: RedactedText, headLength: Int, offset: Int64,
        line: Int64, size: Int64, readTime: Timestamp?, readerState: RedactedJSON, origin: CaptureOrigin?, isPart: Bool
    ) {
        self.number = number
        self.key = key
        self.generation = generation
        self.identity = identity
        self.headHash = headHash
        self.headLength = headLength
        self.offset = offset
        self.line = line
        self.size = size
        self.readTime = readTime
        self.readerState = readerState
        self.origin = origin
        self.isPart = isPart
    }
}

/// What became of a line when it was captured; see ``CaptureCounts``.
package enum RecordOutcome: String, Sendable, Hashable, CaseIterable {
    case stored, known, repeated, refused
}

package struct ArchivedRecord: Sendable {
    package var place: ArchivedPlace
    package var length: Int64
    package var line: Int64
    package var outcome: RecordOutcome
    package var reason: RedactedText?
    /// What tells the line from others of its file; compared, never interpreted.
    package var hash: [UInt8]?
    package var raw: RedactedJSON?

    package init(
        place: ArchivedPlace, length: Int64, line: Int64, outcome: RecordOutcome, reason: RedactedText?, hash: [UInt8]?, raw: RedactedJSON?
    ) {
        self.place = place
        self.length = length
        self.line = line
        self.outcome = outcome
        self.reason = reason
        self.hash = hash
        self.raw = raw
    }
}

/// A record with an id, and where it hangs in the chain.
package struct ArchivedNode: Sendable {
    package var id: RedactedText
    package var place: ArchivedPlace
    package var parent: RedactedText?
    /// The nearest message before it. It may stand further on in the archive.
    package var ancestor: RedactedText?
    /// The record that is missing where the way up ends.
    package var waitsFor: RedactedText?

    package init(id: RedactedText, place: ArchivedPlace, parent: RedactedText?, ancestor: RedactedText?, waitsFor: RedactedText?) {
        self.id = id
        self.place = place
        self.parent = parent
        self.ancestor = ancestor
        self.waitsFor = waitsFor
    }
}

package struct ArchivedMessage: Sendable {
    package var node: ArchivedNode
    /// The window in which it first occurred, and its position there.
    package var window: WindowName
    package var position: Int64
    package var role: ParticipantRole
    package var name: RedactedText?
    package var kind: MessageKind
    package var project: ArchivedProject?
    package var branch: RedactedText?
    package var time: Timestamp
    package var model: RedactedText?
    package var isOwnEcho: Bool
    package var origin: CaptureOrigin?
    package var blocks: [NewBlock]

    package init(
        node: ArchivedNode, window: WindowName, position: Int64, role: ParticipantRole, name: RedactedText?, kind: MessageKind,
        project: ArchivedProject?, branch: RedactedText?, time: Timestamp, model: RedactedText?, isOwnEcho: Bool, origin: CaptureOrigin?,
        blocks: [NewBlock]
    ) {
        self.node = node
        self.window = window
        self.position = position
        self.role = role
        self.name = name
        self.kind = kind
        self.project = project
        self.branch = branch
        self.time = time
        self.model = model
        self.isOwnEcho = isOwnEcho
        self.origin = origin
        self.blocks = blocks
    }
}

package struct ArchivedOccurrence: Sendable {
    package var message: RedactedText
    package var window: WindowName
    package var position: Int64
    package var place: ArchivedPlace

    package init(message: RedactedText, window: WindowName, position: Int64, place: ArchivedPlace) {
        self.message = message
        self.window = window
        self.position = position
        self.place = place
    }
}

package struct ArchivedTitle: Sendable {
    package var kind: TitleKind
    package var text: RedactedText
    /// `nil` while its leaf is missing.
    package var conversation: RedactedText?
    package var leaf: RedactedText?

    package init(kind: TitleKind, text: RedactedText, conversation: RedactedText?, leaf: RedactedText?) {
        self.kind = kind
        self.text = text
        self.conversation = conversation
        self.leaf = leaf
    }
}

/// How far a window reaches, where copies of messages bore other times than the messages themselves.
package struct ArchivedExtent: Sendable {
    package var window: WindowName
    package var first: Timestamp?
    package var last: Timestamp?
    package var lastPosition: Int64

    package init(window: WindowName, first: Timestamp?, last: Timestamp?, lastPosition: Int64) {
        self.window = window
        self.first = first
        self.last = last
        self.lastPosition = lastPosition
    }
}
