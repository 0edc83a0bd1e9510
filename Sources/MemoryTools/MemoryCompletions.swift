import MCPCore
import MemoryModel
import MemoryRecall
import MemoryStore

/// What completes the variables of resource templates and the arguments of prompts.
enum MemoryCompletions {
    static func conversationIDs(_ recall: Recall) -> Completer {
        completer { try await recall.conversations(limit: Completions.limit, matching: $0).map(\.id) }
    }

    static func messageIDs(_ recall: Recall) -> Completer {
        completer { try await recall.messageIDs(startingWith: $0, limit: Completions.limit) }
    }

    static func windowNumbers(_ recall: Recall) -> Completer {
        completer { try await recall.windowNumbers(startingWith: $0, limit: Completions.limit) }
    }

    static func eraNames(_ recall: Recall) -> Completer {
        completer { try await recall.eraNames(startingWith: $0, limit: Completions.limit) }
    }

    static func projects(_ recall: Recall) -> Completer {
        completer { try await recall.projects(startingWith: $0, limit: Completions.limit) }
    }

    static let kinds = completer { prefix in
        MessageKind.allCases.map(\.rawValue).filter { $0.hasPrefix(prefix.lowercased()) }
    }

    /// No name is longer than this; what is longer has no completion.
    private static let maximumLength = 1000

    private static func completer(_ values: @escaping @Sendable (String) async throws -> [String]) -> Completer {
        { typed, _, _ in
            guard typed.utf8.count <= maximumLength else { return Completions([]) }
            return Completions(try await reporting { try await values(typed) })
        }
    }
}
