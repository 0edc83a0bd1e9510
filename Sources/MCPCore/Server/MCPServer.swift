public import Access
public import JSON

/// A server: what it offers, and the answer to each request. It knows no transport and remembers nothing between requests.
///
/// ```swift
/// let server = try MCPServer(
///     info: Implementation(name: "greeter", version: "1.0"),
///     tools: [
///         Tool(name: "greet", description: "Says hello.") { _, _ in .text("Hello!") }
///     ])
/// ```
public struct MCPServer: Sendable {
    /// What the server says about itself.
    public let info: Implementation
    /// What the model is told about the server as a whole.
    public let instructions: String?
    /// What the model may call.
    public let tools: ToolList
    /// What clients may read.
    public let resources: ResourceList
    /// What users may choose.
    public let prompts: PromptList
    /// Tells clients that listen what changes.
    public let changes: ChangeFeed
    /// Calls whose results are fetched later.
    public let tasks: TaskStore
    /// The secret of the server; the keys of sessions and request state are derived from it.
    package let key: ServerKey
    package let background: BackgroundWork
    private let methods: [String: Method]
    private let features: [Feature]
    private let extensions: JSONObject
    private let scopes: Set<Scope>
    private let seal: RequestStateSeal
    private let onFailure: FailureReport

    /// Hears of an error whose text no client may see: the error, what failed, and the request it failed for.
    public typealias FailureReport = @Sendable (_ error: any Error, _ place: String, _ context: RequestContext) -> Void

    /// Hears what came of each call of a registered tool; the place for a metric.
    public typealias CallReport = @Sendable (_ tool: String, _ outcome: ToolCallOutcome) -> Void

    /// - Parameters:
    ///   - info: what the server says about itself.
    ///   - instructions: what the model is told about the server as a whole.
    ///   - tools: what the model may call, in the order in which they are listed.
    ///   - resources: what clients may read.
    ///   - templates: families of resources.
    ///   - prompts: what users may choose.
    ///   - extensions: what the server announces beyond the protocol, each under an id with a prefix (2026-07-28).
    ///   - scopes: what a caller's token must allow for anything but ping, handshake and discovery; tools may ask for more.
    ///   - key: replicas that share it continue each other's questions and sessions.
    ///   - taskLimits: how many tasks are kept, and for how long.
    ///   - listsTasks: whether `tasks/list` exists; only where every caller proves who he is.
    ///   - pageSize: how many elements one page of a list holds, at least 1.
    ///   - cacheHint: how long clients of 2026-07-28 may keep what `server/discover`, the lists and the resources answer.
    ///   - onFailure: hears of errors that no client may see; the place for a log.
    ///   - onCall: hears what came of each call of a tool.
    /// - Throws: ``RegistrationError`` for a tool, a resource or a prompt that clients would refuse.
    public init(
        info: Implementation, instructions: String? = nil, tools: [Tool] = [], resources: [Resource] = [],
        templates: [ResourceTemplate] = [], prompts: [Prompt] = [], extensions: JSONObject = [:], scopes: Set<Scope> = [], key: ServerKey = .random(),
        taskLimits: TaskLimits = TaskLimits(), listsTasks: Bool = false, pageSize: Int = 1000, cacheHint: CacheHint = .none,
        onFailure: @escaping FailureReport = { _, _, _ in }, onCall: @escaping CallReport = { _, _ in }
    ) throws(RegistrationError) {
        precondition(pageSize > 0, "a page holds at least one element")
        let changes = ChangeFeed()
        let toolList = ToolList(changes: changes)
        let resourceList = ResourceList(changes: changes)
        let promptList = PromptList(changes: changes)
        for tool in tools { try toolList.register(tool) }
        for resource in resources { try resourceList.register(resource) }
        for template in templates { try resourceList.register(template) }
        for prompt in prompts { try promptList.register(prompt) }
        let tasks = TaskStore(limits: taskLimits, changes: changes, now: { WallClock.milliseconds() })
        let background = BackgroundWork(limit: taskLimits.count + 1024)
        let pagination = Pagination(pageSize: pageSize)
        let offered = [
            ToolMethods(
                tools: toolList, tasks: tasks, background: background, pagination: pagination, cacheHint: cacheHint, onFailure: onFailure,
                onCall: onCall
            ).feature,
            ResourceMethods(resources: resourceList, pagination: pagination, cacheHint: cacheHint).feature,
            PromptMethods(prompts: promptList, pagination: pagination, cacheHint: cacheHint).feature,
            CompletionMethods(prompts: promptList, resources: resourceList).feature,
            LoggingMethods().feature,
            TaskMethods(tasks: tasks, pagination: pagination, isListed: listsTasks, isOffered: { toolList.offersTasks }).feature,
        ]
        self.info = info
        self.instructions = instructions
        self.tools = toolList
        self.resources = resourceList
        self.prompts = promptList
        self.changes = changes
        self.tasks = tasks
        self.key = key
        self.background = background
        self.extensions = extensions
        self.scopes = scopes
        self.onFailure = onFailure
        seal = RequestStateSeal(key, now: { WallClock.seconds() })
        let lifecycle = LifecycleMethods(
            instructions: instructions,
            capabilities: { Self.capabilities(of: offered, extensions: extensions, offersTasks: toolList.offersTasks, for: $0) },
            cacheHint: cacheHint)
        features = offered + [lifecycle.feature]
        var methods: [String: Method] = [:]
        for feature in features {
            for method in feature.methods { methods[method.name] = method.offered(while: feature.isOffered) }
        }
        self.methods = methods
    }

    /// What the server announces in `revision`.
    public func capabilities(for revision: Revision) -> JSONObject {
        Self.capabilities(of: features, extensions: extensions, offersTasks: offersTasks, for: revision)
    }

    /// Whether `method` exists in `revision`.
    public func serves(_ method: String, in revision: Revision) -> Bool {
        if method == Self.listen { return !revision.isLegacy }
        return methods[method]?.exists(in: revision) ?? false
    }

    /// The method that transports answer with a stream of its own, by way of ``subscribe(_:in:)``.
    public static let listen = "subscriptions/listen"

    var offersTasks: Bool { tools.offersTasks }

    /// What clients of 2026-07-28 repeat in headers when they call this tool.
    package func headerParameters(ofTool name: String) -> [HeaderParameter] { tools[name]?.headers ?? [] }

    /// Answers a request. Runs on the caller's task; where that is cancelled the answer is an error that need not be sent.
    ///
    /// `initialize` is no method here: see ``LegacyConversation``.
    public func respond(to request: JSONRPCRequest, in context: RequestContext) async -> Response {
        guard let method = methods[request.method], method.exists(in: context.revision) else {
            return Response(id: request.id, .methodNotFound(request.method))
        }
        defer { context.progress?.finish() }
        do {
            try admit(request.method, context.principal)
            let asking = try asking(method, request, context)
            let result: MethodResult
            do { result = try await method.answer(request.params, asking) } catch let wish as URLElicitationRequired {
                throw asking.outcome(of: wish)
            }
            return Response(id: request.id, outcome: .success(envelope(result, for: context.revision)))
        } catch let error as JSONRPCError {
            // The code exists in 2025-11-25 alone; ``URLElicitationRequired`` says the same in every revision.
            let isForeign = error.code == .urlElicitationRequired && context.revision != .v2025_11_25
            return Response(id: request.id, isForeign ? JSONRPCError(.internalError, error.message) : error)
        } catch let question as InputRequired {
            return Response(id: request.id, outcome: .success(envelope(MethodResult(question.members), for: context.revision)))
        } catch let error as ToolFailure {
            return Response(id: request.id, JSONRPCError(.internalError, error.message))
        } catch let error as ClientUnreachable {
            return Response(id: request.id, JSONRPCError(.invalidRequest, error.description))
        } catch is CancellationError {
            return Response(id: request.id, .cancelled)
        } catch {
            onFailure(error, request.method, context)
            return Response(id: request.id, JSONRPCError(.internalError, "The server failed to answer \(request.method); its log says why."))
        }
    }

    /// Runs what outlives its request, such as tasks, until the task is cancelled. A transport runs it beside itself.
    public func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await background.run() }
            group.addTask {
                // Tasks expire also where nobody asks for one.
                while (try? await Task.sleep(for: .seconds(30))) != nil { tasks.sweep() }
            }
        }
    }

    /// Opens the stream that a `subscriptions/listen` (2026-07-28) asks for; ``respond(to:in:)`` does not answer that method.
    ///
    /// - Throws: -32602 where the request is malformed.
    public func subscribe(_ request: JSONRPCRequest, in context: RequestContext) throws(JSONRPCError) -> Subscription {
        try admit(request.method, context.principal)
        return try Subscription(request, server: self, principal: context.principal.name)
    }

    private func admit(_ method: String, _ principal: Principal) throws(JSONRPCError) {
        guard scopes.isSubset(of: principal.scopes) || ["ping", "server/discover"].contains(method) else {
            throw JSONRPCError.insufficientScope(scopes, for: method)
        }
    }

    /// The context with the way in which this method's questions travel.
    private func asking(_ method: Method, _ request: JSONRPCRequest, _ context: RequestContext) throws(JSONRPCError) -> RequestContext {
        guard !context.revision.isLegacy else { return context }
        var context = context
        guard method.mayAsk else {
            context.questions = .forbidden(method: method.name)
            return context
        }
        context.questions = .rounds(
            try InputRound(
                request.params, seal: seal,
                binding: .init(principal: context.principal, method: request.method, params: request.params)))
        return context
    }

    private static func capabilities(
        of features: [Feature], extensions: JSONObject, offersTasks: Bool, for revision: Revision
    ) -> JSONObject {
        var capabilities = JSONObject(features.compactMap { $0.isOffered() ? $0.capability(revision) : nil })
        guard !revision.isLegacy else { return capabilities }
        var extensions = extensions
        if offersTasks { extensions[TaskMethods.extensionID] = [:] }
        if !extensions.isEmpty { capabilities["extensions"] = .object(extensions) }
        return capabilities
    }

    /// None of this may reach a legacy client: some check that a result is exactly `{}`.
    private func envelope(_ result: MethodResult, for revision: Revision) -> JSONObject {
        guard !revision.isLegacy else { return result.members }
        var members = result.members
        if members["resultType"] == nil { members["resultType"] = "complete" }
        if let hint = result.cacheHint {
            members["ttlMs"] = .integer(Int64(hint.milliseconds))
            members["cacheScope"] = .string(hint.scope.rawValue)
        }
        var meta = members["_meta"]?.object ?? JSONObject()
        meta[RequestMetadata.serverInfoKey] = info.json(for: revision)
        members["_meta"] = .object(meta)
        return members
    }
}
