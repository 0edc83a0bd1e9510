public import JSON

/// Asks the client's model for a message.
public struct Sampling: Sendable, Hashable {
    /// One message of the conversation that the model continues.
    public struct Message: Sendable, Hashable {
        /// Who speaks.
        public var role: Role
        /// What is said. Several blocks since 2025-11-25.
        public var content: [Content]

        /// A message with its parts.
        public init(_ role: Role, _ content: Content...) {
            self.role = role
            self.content = content
        }
    }

    /// The conversation.
    public var messages: [Message]
    /// How long the answer may be.
    public var maxTokens: Int
    /// What stands before the conversation.
    public var systemPrompt: String?
    /// How varied the answer may be.
    public var temperature: Double?
    /// Texts that end the answer.
    public var stopSequences: [String]
    /// `{hints, costPriority, speedPriority, intelligencePriority}`: which model is wanted.
    public var modelPreferences: JSONObject?
    /// Definitions of tools that the model may use (2025-11-25); the client must declare `sampling.tools`.
    public var tools: [JSONValue]
    /// `{mode: auto | required | none}` (2025-11-25).
    public var toolChoice: JSONObject?

    /// - Parameters:
    ///   - messages: the conversation that the model continues.
    ///   - maxTokens: how long the answer may be.
    ///   - systemPrompt: what stands before the conversation.
    ///   - temperature: how varied the answer may be.
    ///   - stopSequences: texts that end the answer.
    ///   - modelPreferences: which model is wanted.
    ///   - tools: definitions of tools that the model may use.
    ///   - toolChoice: whether it has to.
    public init(
        _ messages: [Message], maxTokens: Int, systemPrompt: String? = nil, temperature: Double? = nil, stopSequences: [String] = [],
        modelPreferences: JSONObject? = nil, tools: [JSONValue] = [], toolChoice: JSONObject? = nil
    ) {
        self.messages = messages
        self.maxTokens = maxTokens
        self.systemPrompt = systemPrompt
        self.temperature = temperature
        self.stopSequences = stopSequences
        self.modelPreferences = modelPreferences
        self.tools = tools
        self.toolChoice = toolChoice
    }

    /// One question of the user.
    public init(_ prompt: String, maxTokens: Int) {
        self.init([Message(.user, .text(prompt))], maxTokens: maxTokens)
    }

    func params(for revision: Revision) -> JSONObject {
        var params: JSONObject = [
            "messages": .array(messages.map { $0.json(for: revision) }), "maxTokens": .integer(Int64(maxTokens)),
        ]
        if let systemPrompt { params["systemPrompt"] = .string(systemPrompt) }
        if let temperature { params["temperature"] = .double(temperature) }
        if !stopSequences.isEmpty { params["stopSequences"] = .array(stopSequences.map(JSONValue.string)) }
        if let modelPreferences { params["modelPreferences"] = .object(modelPreferences) }
        if revision >= .v2025_11_25, !tools.isEmpty {
            params["tools"] = .array(tools)
            if let toolChoice { params["toolChoice"] = .object(toolChoice) }
        }
        return params
    }
}

extension Sampling.Message {
    /// Before 2025-11-25 a message is one block: further ones become messages of their own would change the turn, so their text is joined.
    fileprivate func json(for revision: Revision) -> JSONValue {
        let blocks = content.map { $0.json(for: revision) }
        let content: JSONValue =
            if blocks.count == 1 {
                blocks[0]
            } else if revision >= .v2025_11_25 {
                .array(blocks)
            } else {
                ["type": "text", "text": .string(blocks.compactMap { $0["text"]?.string }.joined(separator: "\n\n"))]
            }
        return ["role": .string(role.rawValue), "content": content]
    }
}

/// What the client's model said.
public struct SamplingAnswer: Sendable, Hashable {
    /// Who speaks; mostly the assistant.
    public var role: Role
    /// The blocks as they came: `text`, `image`, `audio`, and with tools `tool_use`.
    public var content: [JSONValue]
    /// Which model it was.
    public var model: String
    /// Why it stopped, such as `endTurn` or `maxTokens`.
    public var stopReason: String?

    /// The text of all blocks that have one.
    public var text: String { content.compactMap { $0["text"]?.string }.joined(separator: "\n") }

    /// Reads what ``RequestContext/ask(_:state:)-swift.method`` gave; `nil` where it is no answer to a sampling.
    public init?(_ answer: JSONObject) {
        guard let role = answer["role"]?.string.flatMap(Role.init(rawValue:)), let model = answer["model"]?.string else { return nil }
        switch answer["content"] {
        case .array(let blocks)?: content = blocks
        case .object(let block)?: content = [.object(block)]
        default: return nil
        }
        guard content.allSatisfy({ $0["type"]?.string != nil }) else { return nil }
        self.role = role
        self.model = model
        stopReason = answer["stopReason"]?.string
    }
}

/// Who speaks in a message of a prompt or a sampling.
public enum Role: String, Sendable, Hashable {
    case user
    case assistant
}

/// A directory or file that the client works in. Information, not a right.
public struct Root: Sendable, Hashable {
    /// A `file://` URI.
    public var uri: String
    /// What people call it.
    public var name: String?

    /// Reads what ``RequestContext/ask(_:state:)-swift.method`` gave; `nil` where it is no list of roots.
    public static func list(_ answer: JSONObject) -> [Root]? {
        guard let elements = answer["roots"]?.array else { return nil }
        let roots = elements.compactMap { element in element["uri"]?.string.map { Root(uri: $0, name: element["name"]?.string) } }
        return roots.count == elements.count ? roots : nil
    }
}
