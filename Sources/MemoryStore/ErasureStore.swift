package import MemoryModel
package import Redaction

/// Removing for good. What is erased leaves rows, index, raw records and the file's free space, and does not come back: the store keeps
/// keyed hashes of what it forgot, and passes it over when a file, a copy or an archive brings it again. docs/forget.md.
///
/// An erasure has two parts. ``beginErasure(_:)`` keeps what is to go, in one transaction, and from then on nothing can stop it: a process
/// that dies leaves the rest to the next call of ``finishErasure(_:progress:)``, by whomever.
package protocol ErasureStore: Sendable {
    /// What ``beginErasure(_:)`` would take, without changing anything. Cost: a text reads every text and opens every raw record.
    ///
    /// - Throws: `invalid` for a message id that is not stored, and for a selection that names nothing.
    func previewErasure(_ selection: ErasureSelection) async throws(StoreError) -> ErasurePreview

    /// Keeps what is to be erased. It is still there until ``finishErasure(_:progress:)``.
    func beginErasure(_ selection: ErasureSelection) async throws(StoreError) -> ErasurePreview

    /// What was begun and is not finished; `nil` where nothing is.
    func pendingErasure() async throws(StoreError) -> PendingErasure?

    /// Finishes what was begun, also by others while it runs: rows in bounded transactions, then the file. Does nothing where nothing was
    /// begun.
    ///
    /// - Throws: `busy` where another process is at it, or holds the file so that old pages cannot be overwritten: the rows are gone then,
    ///   and the rest is still pending.
    func finishErasure(_ extent: ErasureExtent, progress: @escaping @Sendable (String) -> Void) async throws(StoreError)

    /// Passes everything that is stored through a redactor again and rewrites what it changes, in bounded transactions. Where it was cut
    /// short, a call with the same `fingerprint` goes on there. What was replaced is still in the file's free space until
    /// ``finishErasure(_:progress:)``, which is begun with the first change.
    ///
    /// - Parameter fingerprint: what tells these rules of redaction from others.
    func rescan(
        _ redactor: Redactor, fingerprint: String, progress: @escaping @Sendable (String) -> Void
    ) async throws(StoreError) -> RescanCounts

    /// Remembers a copy of the store's contents that was made outside of it.
    func noteCopy(_ copy: StoreCopy) async throws(StoreError)
    /// All that were noted, oldest first, and those that lie beside the store. They may be gone since.
    func copies() async throws(StoreError) -> [StoreCopy]
}

/// What is to be erased. Every condition that is set must hold; one has to be.
package struct ErasureSelection: Sendable, Hashable {
    /// Ids of messages, or of other records.
    package var ids: [String] = []
    package var filter = MessageFilter()
    /// Whatever holds this text, exactly; also as JSON escapes it. Records that are no message and titles count too: with other conditions,
    /// those in the sources and conversations of the messages that these leave.
    package var text: String?
    /// Messages of these projects stay, each named as ``MessageFilter/project`` names one.
    package var exceptProjects: [String] = []

    package init() {}

    package var isEmpty: Bool { ids.isEmpty && filter == MessageFilter() && text == nil }
}

package struct ErasurePreview: Sendable, Hashable {
    package static let maximumSamples = 10

    package var messages = 0
    /// Lines whose raw record goes, those of the messages among them, and long texts that no record names.
    package var records = 0
    package var titles = 0
    package var conversations = 0
    /// The first messages, oldest first.
    package var samples: [Sample] = []

    package struct Sample: Sendable, Hashable {
        package var id: String
        package var time: Timestamp
        /// The head of its text.
        package var text: String

        package init(id: String, time: Timestamp, text: String) {
            self.id = id
            self.time = time
            self.text = text
        }
    }

    package init() {}

    package var isEmpty: Bool { messages == 0 && records == 0 && titles == 0 }
}

package struct PendingErasure: Sendable, Hashable {
    /// Messages and records that are still there.
    package var rows: Int
    /// The rows are gone, and the file may hold their bytes still.
    package var isOnlyFile: Bool { rows == 0 }

    package init(rows: Int) { self.rows = rows }
}

/// How much of the file is made anew at the end of an erasure. Either way what was erased is overwritten: freed pages are zeroed, the
/// index is merged, and the log is cut.
package enum ErasureExtent: Sendable, Hashable {
    /// The whole file is written anew.
    case wholeFile
    /// Only where a quarter of it or more is free.
    case whenWorthwhile
}

/// What a rescan looked at and changed.
package struct RescanCounts: Sendable, Hashable {
    package var messages = 0
    package var changedMessages = 0
    package var records = 0
    package var changedRecords = 0
    /// Titles, projects, repositories, participants, eras, sources.
    package var changedNames = 0
    package var replaced = RedactionCounts()
    /// It went on where one before was cut short, whose counts are not in these.
    package var isContinued = false

    package init() {}

    package var hasChanges: Bool { changedMessages + changedRecords + changedNames > 0 }
}

/// A copy of what the store holds that magenta wrote elsewhere, and that no erasure reaches.
package struct StoreCopy: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case backup, export, markdown
        /// A store that a repair or a restore left beside this one.
        case former
    }

    package var kind: Kind
    /// `-` for standard output.
    package var path: String
    package var time: Timestamp

    package init(kind: Kind, path: String, time: Timestamp) {
        self.kind = kind
        self.path = path
        self.time = time
    }
}
