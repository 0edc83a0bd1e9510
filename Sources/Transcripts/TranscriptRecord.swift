package import MemoryModel
package import Redaction

/// What one line of a transcript says, in the words of magenta: the same for every agent's reader.
package struct TranscriptRecord: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
        case message(TranscriptMessage)
        case boundary(Compaction)
        /// Kept raw only, by the named rule.
        case bookkeeping(BookkeepingRule)
    }

    package var content: Content
    package var facts: [TranscriptFact] = []

    /// The record's own id, mostly a uuid; `nil` for a record that is identified by its file and offset.
    package var id: RedactedText?
    package var parent: RedactedText?
    /// What a compaction boundary stands behind, since it is a root of its own. May name a record that is nowhere.
    package var logicalParent: RedactedText?
    /// The session that the record itself names; in resumed files not always the one that the file is named after.
    package var session: RedactedText?
    package var time: Timestamp?
    /// The directory the agent worked in.
    package var project: RedactedText?
    package var branch: RedactedText?
    package var clientVersion: RedactedText?
    /// What the session calls itself: three words in newer versions.
    package var slug: RedactedText?
    package var userType: RedactedText?
    package var isSidechain = false
    package var agentID: RedactedText?
    package var isMeta = false
    /// The id of the model's reply, which one or several records make up.
    package var replyID: RedactedText?
    package var requestID: RedactedText?
    package var model: RedactedText?
    package var forkedFrom: Fork?

    /// The record of another session that a copied record was made of.
    package struct Fork: Sendable, Hashable {
        package var session: RedactedText?
        package var message: RedactedText?

        package init(session: RedactedText?, message: RedactedText?) {
            self.session = session
            self.message = message
        }
    }

    package init(content: Content) {
        self.content = content
    }

    package var message: TranscriptMessage? {
        guard case .message(let message) = content else { return nil }
        return message
    }
}

/// The place in a transcript at which the client replaced what the model could see by a summary.
package struct Compaction: Sendable, Hashable {
    package enum Trigger: String, Sendable, Hashable {
        case auto
        case manual
    }

    package var trigger: Trigger?
    package var tokensBefore: Int64?
    package var tokensAfter: Int64?
    /// Records before the boundary that stayed visible behind it.
    package var preserved: [RedactedText]

    package init(trigger: Trigger? = nil, tokensBefore: Int64? = nil, tokensAfter: Int64? = nil, preserved: [RedactedText] = []) {
        self.trigger = trigger
        self.tokensBefore = tokensBefore
        self.tokensAfter = tokensAfter
        self.preserved = preserved
    }
}
