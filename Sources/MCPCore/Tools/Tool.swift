public import Access
public import JSON

/// A function that the model may call.
public struct Tool: Sendable {
    /// What a tool does when it is called. The arguments fit the input schema.
    public typealias Call = @Sendable (_ arguments: JSONObject, _ context: RequestContext) async throws -> ToolResult

    /// 1 to 64 letters, digits, `_`, `-` and `.`.
    public var name: String
    /// The name for people (2025-06-18).
    public var title: String?
    /// What the model reads to decide whether to call it.
    public var description: String
    /// A JSON Schema with `"type": "object"` at its root; goes out verbatim.
    public var inputSchema: JSONValue
    /// A JSON Schema that structured content conforms to (2025-06-18).
    public var outputSchema: JSONValue?
    /// Hints about what the tool does to the world (2025-03-26).
    public var annotations: ToolAnnotations?
    /// Pictures of it (2025-11-25).
    public var icons: [Icon]
    /// Anything else (2025-06-18).
    public var metadata: JSONObject?
    /// What its caller's token must allow; empty for what everybody who comes in may do.
    public var scopes: Set<Scope>
    /// Whether a call may become a task (2025-11-25 and the extension of 2026-07-28).
    public var taskSupport: TaskSupport
    /// Runs before a call becomes a task, and before every other call: what it asks is asked before the task exists. It gives the arguments
    /// with which the call goes on.
    public var prepare: (@Sendable (_ arguments: JSONObject, _ context: RequestContext) async throws -> JSONObject)?
    /// What it does.
    public var call: Call

    /// The schema of a tool that takes no arguments.
    public static let noArguments: JSONValue = ["type": "object", "additionalProperties": false]

    /// - Parameters:
    ///   - name: 1 to 64 letters, digits, `_`, `-` and `.`.
    ///   - title: the name for people.
    ///   - description: what the model reads to decide whether to call it.
    ///   - inputSchema: a JSON Schema with `"type": "object"` at its root.
    ///   - outputSchema: a JSON Schema that structured content conforms to.
    ///   - annotations: hints about what it does to the world.
    ///   - icons: pictures of it.
    ///   - metadata: its `_meta`.
    ///   - scopes: what its caller's token must allow.
    ///   - taskSupport: whether a call may become a task.
    ///   - prepare: what is asked before a call becomes a task.
    ///   - call: what it does. Runs on the shared pool: blocking work belongs elsewhere.
    public init(
        name: String, title: String? = nil, description: String, inputSchema: JSONValue = Tool.noArguments,
        outputSchema: JSONValue? = nil, annotations: ToolAnnotations? = nil, icons: [Icon] = [], metadata: JSONObject? = nil,
        scopes: Set<Scope> = [], taskSupport: TaskSupport = .forbidden,
        prepare: (@Sendable (_ arguments: JSONObject, _ context: RequestContext) async throws -> JSONObject)? = nil, call: @escaping Call
    ) {
        self.name = name
        self.title = title
        self.description = description
        self.inputSchema = inputSchema
        self.outputSchema = outputSchema
        self.annotations = annotations
        self.icons = icons
        self.metadata = metadata
        self.scopes = scopes
        self.taskSupport = taskSupport
        self.prepare = prepare
        self.call = call
    }

    /// The definition as `tools/list` shows it.
    func json(for revision: Revision) -> JSONValue {
        var object: JSONObject = ["name": .string(name)]
        if revision >= .v2025_06_18, let title { object["title"] = .string(title) }
        object["description"] = .string(description)
        object["inputSchema"] = inputSchema
        if revision >= .v2025_03_26, let annotations { object["annotations"] = annotations.json }
        if revision >= .v2025_06_18 {
            if let outputSchema {
                object["outputSchema"] = revision.isLegacy ? OutputSchemaProjection.legacy(outputSchema) : outputSchema
            }
            if let metadata { object["_meta"] = .object(metadata) }
        }
        if revision == .v2025_11_25, taskSupport != .forbidden { object["execution"] = ["taskSupport": .string(taskSupport.rawValue)] }
        if revision >= .v2025_11_25, !icons.isEmpty { object["icons"] = .array(icons.map(\.json)) }
        return .object(object)
    }
}

/// Hints about what a tool does to the world. A client must not trust them.
public struct ToolAnnotations: Sendable, Hashable {
    /// The name for people, from before ``Tool/title``.
    public var title: String?
    /// It changes nothing (false, where absent).
    public var isReadOnly: Bool?
    /// It may destroy something (true, where absent).
    public var isDestructive: Bool?
    /// Calling it again changes nothing more (false, where absent).
    public var isIdempotent: Bool?
    /// It reaches beyond the server (true, where absent).
    public var isOpenWorld: Bool?

    /// Hints with their parts; absent ones are left out.
    public init(
        title: String? = nil, isReadOnly: Bool? = nil, isDestructive: Bool? = nil, isIdempotent: Bool? = nil, isOpenWorld: Bool? = nil
    ) {
        self.title = title
        self.isReadOnly = isReadOnly
        self.isDestructive = isDestructive
        self.isIdempotent = isIdempotent
        self.isOpenWorld = isOpenWorld
    }

    var json: JSONValue {
        var object = JSONObject()
        if let title { object["title"] = .string(title) }
        if let isReadOnly { object["readOnlyHint"] = .bool(isReadOnly) }
        if let isDestructive { object["destructiveHint"] = .bool(isDestructive) }
        if let isIdempotent { object["idempotentHint"] = .bool(isIdempotent) }
        if let isOpenWorld { object["openWorldHint"] = .bool(isOpenWorld) }
        return .object(object)
    }
}
