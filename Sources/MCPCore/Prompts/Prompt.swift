public import JSON

/// A template of messages that a user may choose; clients show it as a command.
public struct Prompt: Sendable {
    /// What the prompt comes to. All required arguments are there.
    public typealias Get = @Sendable (_ arguments: [String: String], _ context: RequestContext) async throws -> PromptResult

    /// 1 to 64 letters, digits, `_`, `-` and `.`.
    public var name: String
    /// The name for people (2025-06-18).
    public var title: String?
    /// What it is for.
    public var description: String
    /// What the user fills in.
    public var arguments: [PromptArgument]
    /// Pictures of it (2025-11-25).
    public var icons: [Icon]
    /// Anything else (2025-06-18).
    public var metadata: JSONObject?
    /// What it comes to.
    public var get: Get

    /// - Parameters:
    ///   - name: 1 to 64 letters, digits, `_`, `-` and `.`.
    ///   - title: the name for people.
    ///   - description: what it is for.
    ///   - arguments: what the user fills in.
    ///   - icons: pictures of it.
    ///   - metadata: its `_meta`.
    ///   - get: what it comes to.
    public init(
        name: String, title: String? = nil, description: String, arguments: [PromptArgument] = [], icons: [Icon] = [],
        metadata: JSONObject? = nil, get: @escaping Get
    ) {
        self.name = name
        self.title = title
        self.description = description
        self.arguments = arguments
        self.icons = icons
        self.metadata = metadata
        self.get = get
    }

    func json(for revision: Revision) -> JSONValue {
        var object: JSONObject = ["name": .string(name)]
        if let title, revision >= .v2025_06_18 { object["title"] = .string(title) }
        object["description"] = .string(description)
        if !arguments.isEmpty { object["arguments"] = .array(arguments.map { $0.json(for: revision) }) }
        if !icons.isEmpty, revision >= .v2025_11_25 { object["icons"] = .array(icons.map(\.json)) }
        if let metadata, revision >= .v2025_06_18 { object["_meta"] = .object(metadata) }
        return .object(object)
    }
}

/// One thing that the user of a prompt fills in.
public struct PromptArgument: Sendable {
    /// The name for programs.
    public var name: String
    /// The name for people (2025-06-18).
    public var title: String?
    /// What belongs here.
    public var description: String?
    /// Whether the prompt makes no sense without it.
    public var isRequired: Bool
    /// What completes its value.
    public var completer: Completer?

    /// - Parameters:
    ///   - name: the name for programs.
    ///   - title: the name for people.
    ///   - description: what belongs here.
    ///   - isRequired: whether the prompt makes no sense without it.
    ///   - completer: what completes its value.
    public init(_ name: String, title: String? = nil, description: String? = nil, isRequired: Bool = false, completer: Completer? = nil) {
        self.name = name
        self.title = title
        self.description = description
        self.isRequired = isRequired
        self.completer = completer
    }

    func json(for revision: Revision) -> JSONValue {
        var object: JSONObject = ["name": .string(name)]
        if let title, revision >= .v2025_06_18 { object["title"] = .string(title) }
        if let description { object["description"] = .string(description) }
        object["required"] = .bool(isRequired)
        return .object(object)
    }
}

/// What a prompt comes to.
public struct PromptResult: Sendable, Hashable {
    /// What the messages are, in a sentence.
    public var description: String?
    /// The messages, in their order.
    public var messages: [PromptMessage]

    /// A result with its parts.
    public init(description: String? = nil, messages: [PromptMessage]) {
        self.description = description
        self.messages = messages
    }
}

/// One message of a prompt.
public struct PromptMessage: Sendable, Hashable {
    /// Who speaks.
    public var role: Role
    /// What is said: one block.
    public var content: Content

    /// A message with its parts.
    public init(_ role: Role, _ content: Content) {
        self.role = role
        self.content = content
    }
}
