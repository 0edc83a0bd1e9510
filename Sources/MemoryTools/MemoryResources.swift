package import MCPCore
import MemoryModel
package import MemoryRecall
import MemoryStore

/// What the memory holds as resources, for clients that let a person choose what the model reads.
package enum MemoryResources {
    /// What reading one may cost in tokens. Whoever reads it asked for it, so it is more than a tool answers by itself.
    static let budget = 10_000
    /// What the facts before the messages, and the sentence behind them, may take of it.
    private static let frame = 800
    private static var messageBudget: Int { budget - frame }
    private static let listedConversations = 50
    private static let listedEras = 50

    package static func templates(_ recall: Recall) -> [ResourceTemplate] {
        [message(recall), window(recall), conversation(recall), era(recall)]
    }

    /// The eras, the current one first, and the conversations with the newest messages.
    package static func list(_ recall: Recall) -> ResourceList.Source {
        { _ in
            try await reporting {
                let eras = try await recall.eras().suffix(listedEras).reversed().map { resource(of: $0, recall) }
                return try await eras + recall.conversations(limit: listedConversations).map { resource(of: $0, recall) }
            }
        }
    }

    private static func message(_ recall: Recall) -> ResourceTemplate {
        template(
            "message", "id", title: "Message", description: "One message whole, by `id` of any answer.",
            completion: MemoryCompletions.messageIDs(recall)
        ) { id in
            let answer = try await recall.message(id: id, maxTokens: messageBudget, cursor: nil)
            return contents(.message(id), answer, continuedBy: "get_message_by_id with message_id \"\(id)\"")
        }
    }

    private static func window(_ recall: Recall) -> ResourceTemplate {
        template(
            "window", "number", title: "Context window",
            description: "What the model could see between two compactions, in the order in which it was written, by `window` of any answer.",
            completion: MemoryCompletions.windowNumbers(recall)
        ) { text in
            guard let number = Int64(text), String(number) == text else { throw RecallError(.notFound, "A window has a number.") }
            let answer = try await recall.window(
                WindowID(number: number), limit: Recall.limits.upperBound, maxTokens: messageBudget, cursor: nil)
            return contents(.window(number), answer, continuedBy: "get_context_heap with heap_id \(number)")
        }
    }

    private static func conversation(_ recall: Recall) -> ResourceTemplate {
        template(
            "conversation", "id", title: "Conversation",
            description: "The newest prompts, replies and tool calls of a conversation, newest first, and the numbers of its context windows. "
                + "Subscribe to hear of new messages.",
            completion: MemoryCompletions.conversationIDs(recall)
        ) { id in try await readConversation(id, recall) }
    }

    private static func era(_ recall: Recall) -> ResourceTemplate {
        template(
            "era", "name", title: "Era",
            description: "What an era was about: its bounds, numbers and projects, then its messages from the first one on.",
            completion: MemoryCompletions.eraNames(recall)
        ) { name in try await readEra(name, recall) }
    }

    private static func readConversation(_ id: String, _ recall: Recall) async throws -> ResourceContents {
        let answer = try await recall.conversation(id, limit: Recall.limits.upperBound, maxTokens: messageBudget, cursor: nil)
        return contents(.conversation(id), answer, continuedBy: "get_recent_work with conversation \"\(id)\"")
    }

    private static func readEra(_ name: String, _ recall: Recall) async throws -> ResourceContents {
        let answer = try await recall.era(
            name, filter: MessageFilter(), limit: Recall.limits.upperBound, maxTokens: messageBudget, cursor: nil)
        return contents(.era(name), answer, continuedBy: "get_era_summary with era_name \"\(name)\"")
    }

    private static func resource(of era: Era, _ recall: Recall) -> Resource {
        let bounds = era.end.map { "From \(era.start) to \($0)." } ?? "Since \(era.start); the current era."
        return Resource(
            uri: MemoryAddress.era(era.name).uri, name: era.name, title: "Era \"\(era.name)\"", description: bounds, mimeType: mimeType,
            annotations: ContentAnnotations(audience: [.assistant])
        ) { _ in [try await reporting { try await readEra(era.name, recall) }] }
    }

    private static func resource(of conversation: ConversationSummary, _ recall: Recall) -> Resource {
        let (id, time) = (conversation.id, conversation.lastTime.description)
        let title = conversation.title?.shortened ?? "Conversation \(id)"
        return Resource(
            uri: MemoryAddress.conversation(id).uri, name: title, title: title,
            description: "\(conversation.project.map { "In \($0), last" } ?? "Last") at \(time).", mimeType: mimeType,
            annotations: ContentAnnotations(audience: [.assistant], lastModified: time)
        ) { _ in [try await reporting { try await readConversation(id, recall) }] }
    }

    private static let mimeType = "text/plain"

    private static func contents(_ address: MemoryAddress, _ answer: RecallAnswer, continuedBy tool: String) -> ResourceContents {
        ResourceContents(uri: address.uri, mimeType: mimeType, body: .text(answer.plainText(continuedBy: tool)))
    }

    private static func template(
        _ kind: String, _ variable: String, title: String, description: String, completion: @escaping Completer,
        read: @escaping @Sendable (String) async throws -> ResourceContents
    ) -> ResourceTemplate {
        ResourceTemplate(
            uriTemplate: "memory://\(kind)/{\(variable)}", name: kind, title: title, description: description, mimeType: mimeType,
            annotations: ContentAnnotations(audience: [.assistant]), completions: [variable: completion]
        ) { variables, _ in
            guard let value = variables[variable] else { return nil }
            // What cannot be the name of anything names nothing either.
            do { return [try await reporting { try await read(value) }] } catch is RecallError { return nil }
        }
    }
}

/// A store that cannot be read is told to the client in a sentence without what only a log may say.
func reporting<Value>(_ body: () async throws -> Value) async throws -> Value {
    do { return try await body() } catch let error as StoreError {
        throw ToolFailure("The memory cannot be read now: \(error.code.rawValue).")
    }
}
