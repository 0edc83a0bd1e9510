import MemoryArchive
import MemoryStore
import Redaction

/// Takes out of a source's entries what the rules of exclusion name: the line keeps its place and the rule's name, and nothing else.
///
/// A message says in which project it was written. A line between messages belongs to the one before it; before the first one, to the first
/// one, or else to the project that Claude Code named the file's folder after.
struct ExcludedLines {
    private let exclusions: Exclusions
    private let path: String
    private let isStart: Bool
    private let byPath: ExclusionRule?
    private let directories: [(directory: String, repository: String)]
    private var current: ExclusionRule?

    /// - Parameter lastReason: what stands at the source's last line in the store.
    init(_ exclusions: Exclusions, of batch: LineBatch, lastReason: String?) {
        self.exclusions = exclusions
        path = batch.key.path.value
        isStart = batch.start.offset == 0
        byPath = exclusions.rule(path: batch.key.path.value)
        directories = batch.repositories.map { ($0.key.value, $0.value.value) }
        current = lastReason.flatMap { exclusions.rule(reason: $0) }
    }

    /// - Returns: whether the source begins with what is excluded: then what stands beside it is, too.
    mutating func begin(_ entries: [CaptureEntry]) -> Bool {
        if byPath != nil { return true }
        guard isStart else { return false }
        let first = entries.lazy.compactMap { entry -> NewMessage? in
            if case .message(let message, _) = entry.content, message.project != nil { message } else { nil }
        }.first
        current =
            if let first { rule(of: first) } else {
                directories.compactMap { exclusions.rule(project: $0.directory, repository: $0.repository) }.first
                    ?? exclusions.rule(folderOf: path)
            }
        return current != nil
    }

    mutating func entry(_ entry: CaptureEntry) -> CaptureEntry {
        if case .message(let message, _) = entry.content, message.project != nil { current = rule(of: message) }
        guard let rule = byPath ?? current else { return entry }
        return CaptureEntry(
            offset: entry.offset, length: entry.length, line: entry.line, id: nil, parent: nil, content: .known(rule: rule.reason, raw: nil))
    }

    private func rule(of message: NewMessage) -> ExclusionRule? {
        exclusions.rule(project: message.project?.value, repository: message.repository?.value)
    }
}
