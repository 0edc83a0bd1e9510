package import MemoryModel

/// The rules that people made for what is stored, and for how long. MemoryArchive says what they mean.
package protocol RuleStore: Sendable {
    /// By name.
    func exclusions() async throws(StoreError) -> [ExclusionRule]
    /// - Throws: `invalid` where the name is taken.
    func addExclusion(_ rule: ExclusionRule) async throws(StoreError)
    /// - Throws: `invalid` where there is none of that name.
    func removeExclusion(_ name: String) async throws(StoreError)
    /// How many lines each rule kept out, by its name. Cost: one pass over all lines.
    func excludedLines() async throws(StoreError) -> [String: Int]
    /// The reason that the last line of a source was kept for, or refused; `nil` where it became a message or nothing is known.
    func lastReason(of source: SourceKey) async throws(StoreError) -> String?

    /// The one for everything first, then by project.
    func retentions() async throws(StoreError) -> [RetentionRule]
    /// Replaces the rule of the same project.
    func setRetention(_ rule: RetentionRule) async throws(StoreError)
    /// - Throws: `invalid` where there is none.
    func removeRetention(project: String?) async throws(StoreError)
}

/// What is not stored.
package struct ExclusionRule: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// What a ``ProjectSelector`` reads.
        case project
        /// A glob over the paths of transcripts.
        case path
    }

    package var name: String
    package var kind: Kind
    package var pattern: String
    package var created: Timestamp

    package init(name: String, kind: Kind, pattern: String, created: Timestamp) {
        self.name = name
        self.kind = kind
        self.pattern = pattern
        self.created = created
    }

    /// The reason that stands at a line that the rule kept out.
    package var reason: String { Self.reasonPrefix + name }
    package static let reasonPrefix = "excluded:"
}

/// How long messages are kept.
package struct RetentionRule: Sendable, Hashable {
    /// Named as ``MessageFilter/project`` names one; `nil` for everything that no other rule names.
    package var project: String?
    /// `nil` for ever.
    package var days: Int?

    package init(project: String?, days: Int?) {
        self.project = project
        self.days = days
    }
}
