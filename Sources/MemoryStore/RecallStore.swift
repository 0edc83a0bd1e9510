package import MemoryModel

/// The reading side of the store. Echoes of magenta itself appear only where a message is asked for by id or window.
///
/// `textLimit` bounds, in UTF-8 bytes and per block, what is loaded of a text; ``Block/length`` tells the whole.
package protocol RecallStore: Sendable {
    func message(id: String, textLimit: Int?) async throws(StoreError) -> Message?

    /// Messages in the order of their own time.
    func messages(_ query: MessageQuery) async throws(StoreError) -> [Message]

    /// Messages by rank, best first; equal ranks newest first.
    func search(_ query: SearchQuery) async throws(StoreError) -> [SearchHit]

    func window(_ id: WindowID) async throws(StoreError) -> ContextWindow?

    /// The windows of a conversation, those with the newest messages first; none for a conversation that is not stored.
    func windows(of conversation: String, limit: Int) async throws(StoreError) -> [ContextWindow]

    /// The conversations with the newest messages first.
    ///
    /// - Parameter text: only those whose id begins with it or whose title holds all its words, without regard to case. The newest
    ///   5000 are looked through; an older one is found by its id alone.
    func conversations(limit: Int, matching text: String?) async throws(StoreError) -> [ConversationSummary]

    /// The messages of a window in the order of its file, behind position `after`.
    func messages(in window: WindowID, after: Int, limit: Int, textLimit: Int?) async throws(StoreError) -> [Message]

    /// Distinct messages drawn at random; fewer where fewer fit the filter.
    func randomMessages(_ filter: MessageFilter, count: Int, textLimit: Int?) async throws(StoreError) -> [Message]
}

/// Which messages count. Every condition that is set must hold.
package struct MessageFilter: Sendable, Hashable {
    /// What a ``ProjectSelector`` reads: a directory or its last component, `/home/ana/src/atlas` or `atlas`, with all below it, or a
    /// repository, `github.com/ana/atlas`. Of a directory that is named itself, all directories of its repository count: worktrees, clones,
    /// other machines.
    package var project: String?
    /// Only what was said in a directory that ``project`` names itself: for one that asks whether a project is called so.
    package var leavesOutBelow = false
    /// A role (`human`, `agent`, `tool`, `system`) or a name (a tool, a model), without regard to case.
    package var participant: String?
    package var kinds: Set<MessageKind> = []
    /// Messages at or after this instant.
    package var since: Timestamp?
    /// Messages before this instant.
    package var until: Timestamp?
    package var conversation: String?
    /// A user, a machine or an agent by its name, or `user@machine`; without regard to case.
    package var from: String?
    /// Without regard to case, as the next two.
    package var user: String?
    package var machine: String?
    package var agent: String?

    package init() {}
}

package struct MessageQuery: Sendable, Hashable {
    package enum Order: String, Sendable, Hashable {
        case newestFirst
        case oldestFirst
    }

    package var filter: MessageFilter
    package var order: Order
    /// Go on behind this place, in the direction of the order; the place itself is left out.
    package var after: MessagePlace?
    package var limit: Int
    package var textLimit: Int?

    package init(filter: MessageFilter = MessageFilter(), order: Order, after: MessagePlace? = nil, limit: Int, textLimit: Int? = nil) {
        self.filter = filter
        self.order = order
        self.after = after
        self.limit = limit
        self.textLimit = textLimit
    }
}

package struct SearchQuery: Sendable, Hashable {
    package enum Terms: Sendable, Hashable {
        /// Words of letters and digits; a message fits if it holds any of them, stemmed. Never empty.
        case words([String])
        /// A text that holds no word (an emoji, punctuation): a message fits if it holds this text.
        case literal(String)
    }

    package var terms: Terms
    package var filter: MessageFilter
    package var offset: Int
    package var limit: Int
    package var textLimit: Int?

    package init(terms: Terms, filter: MessageFilter = MessageFilter(), offset: Int = 0, limit: Int, textLimit: Int? = nil) {
        self.terms = terms
        self.filter = filter
        self.offset = offset
        self.limit = limit
        self.textLimit = textLimit
    }
}

package struct SearchHit: Sendable, Hashable {
    package var message: Message
    /// Higher is better; comparable within one answer alone.
    package var score: Double

    package init(message: Message, score: Double) {
        self.message = message
        self.score = score
    }
}
