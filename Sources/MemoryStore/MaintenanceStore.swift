/// Finding out whether a store is sound, and putting right what can be derived.
package protocol MaintenanceStore: Sendable {
    /// Looks at everything, without changing anything. Cost: reads the whole store; `progress` is told what comes next.
    ///
    /// - Parameter extent: how much of it.
    func check(_ extent: CheckExtent, progress: @escaping @Sendable (String) -> Void) async throws(StoreError) -> StoreReport

    /// Puts right what these checks found, each in one transaction. What no other row tells is left alone. The caller holds the
    /// capture lock.
    func repair(_ checks: Set<StoreCheck>) async throws(StoreError)
}

package struct CheckExtent: OptionSet, Sendable {
    package var rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// The file's pages only as far as rows go, and no raw record is opened.
    package static let quick = CheckExtent(rawValue: 1)
    /// Every word of the index is compared with the texts; nobody else can write meanwhile.
    package static let indexWords = CheckExtent(rawValue: 2)
}

/// What is looked at. The names stand in `magenta check --json`.
package enum StoreCheck: String, Sendable, Hashable, CaseIterable {
    /// The back end's own file or pages.
    case file
    /// Rows that rows refer to.
    case references
    /// Every line of every source is accounted for.
    case lines
    /// Every raw record opens.
    case records
    /// Long texts that raw records share.
    case blobs
    /// Every message has its place in the chain of records.
    case chain
    /// Every message stands in its window.
    case occurrences
    /// What windows, conversations and the whole count agree with their rows.
    case counters
    /// Texts of messages that are gone.
    case orphans
    /// The index over the texts.
    case index
    /// Who may read the files.
    case permissions
    /// The server's key.
    case key
    /// Nothing that was forgotten is left.
    case erasure
}

package struct StoreFinding: Sendable, Hashable {
    package var check: StoreCheck
    /// What is wrong, with counts; never stored text.
    package var cause: String
    /// What repair does about it or, where it can do nothing, what a person can.
    package var remedy: String
    package var isRepairable: Bool

    package init(_ check: StoreCheck, cause: String, remedy: String, isRepairable: Bool) {
        self.check = check
        self.cause = cause
        self.remedy = remedy
        self.isRepairable = isRepairable
    }
}

package struct StoreReport: Sendable {
    package var findings: [StoreFinding] = []
    package var messages: Int64 = 0
    package var records: Int64 = 0
    package var sources: Int64 = 0
    /// Bytes that the store takes, and how many of them are free.
    package var size: Int64 = 0
    package var freeSize: Int64 = 0

    package init() {}
}
