import MemoryStore

/// The sections of an archive in their order; a line's one member has the section's name.
enum ArchiveSection: String, CaseIterable {
    case era, conversation, window, source, record, message, node, occurrence, title, compaction, spawn, reply, extent

    /// A source's records follow it, so the two make one section.
    var rank: Int {
        switch self {
        case .record: Self.source.rank
        default: Self.allCases.firstIndex(of: self) ?? 0
        }
    }
}

extension TitleKind {
    var archiveName: String {
        switch self {
        case .summary: "summary"
        case .generated: "generated"
        case .agentName: "agent_name"
        case .custom: "custom"
        }
    }

    init?(archiveName: String) {
        guard let kind = Self.allCases.first(where: { $0.archiveName == archiveName }) else { return nil }
        self = kind
    }
}
