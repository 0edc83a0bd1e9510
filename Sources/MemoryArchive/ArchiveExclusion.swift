import MemoryStore
import Redaction

/// Takes out of an archive what the rules of exclusion name. Messages come behind the records that they are made of, so the archive is
/// looked through once before its rows are taken.
struct ArchiveExclusion {
    private let exclusions: Exclusions
    private var sources: [Int: ExclusionRule] = [:]
    private var paths: [Int: String] = [:]
    private var messages: [ArchivedPlace: ExclusionRule] = [:]
    private var ids: Set<RedactedText> = []
    /// Conversations, and whether a message of them stays.
    private var conversations: [RedactedText: Bool] = [:]
    /// The source that records come of, and the rule of its last message.
    private var current: (source: Int, rule: ExclusionRule?)?

    init(_ exclusions: Exclusions) {
        self.exclusions = exclusions
    }

    /// The first pass.
    mutating func note(_ row: ArchiveRow) {
        guard !exclusions.isEmpty else { return }
        switch row {
        case .source(let source):
            paths[source.number] = source.key.path.value
            sources[source.number] = exclusions.rule(path: source.key.path.value)
        case .message(let message):
            let rule =
                sources[message.node.place.source]
                ?? exclusions.rule(project: message.project?.path.value, repository: message.project?.repository?.value)
            if let rule {
                messages[message.node.place] = rule
                ids.insert(message.node.id)
            }
            conversations[message.window.conversation] = conversations[message.window.conversation] == true || rule == nil
        default: break
        }
    }

    /// The second pass: what is left of a row.
    mutating func take(_ row: ArchiveRow) -> ArchiveRow? {
        guard !exclusions.isEmpty else { return row }
        switch row {
        case .record(let record): return .record(take(record))
        case .message(let message): return messages[message.node.place] == nil ? row : nil
        case .occurrence(let occurrence): return ids.contains(occurrence.message) ? nil : row
        case .title(let title):
            if let leaf = title.leaf, ids.contains(leaf) { return nil }
            if let conversation = title.conversation, conversations[conversation] == false { return nil }
            return row
        case .window(let key, let project):
            let isExcluded = exclusions.rule(project: project?.path.value, repository: project?.repository?.value) != nil
            return .window(key, project: isExcluded ? nil : project)
        default: return row
        }
    }

    private mutating func take(_ record: ArchivedRecord) -> ArchivedRecord {
        let source = record.place.source
        if current?.source != source { current = (source, sources[source] ?? paths[source].flatMap(exclusions.rule(folderOf:))) }
        if sources[source] == nil, record.outcome == .stored { current?.rule = messages[record.place] }
        guard let rule = current?.rule else { return record }
        var record = record
        record.outcome = .known
        record.reason = RedactedText(readBackFromStore: rule.reason)
        record.hash = nil
        record.raw = nil
        return record
    }
}
