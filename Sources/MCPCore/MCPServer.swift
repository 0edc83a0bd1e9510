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
    private let methods: [String: Method]
    private let features: [Feature]
    private let onFailure: FailureReport

    /// Hears of an error whose text no client may see: the error, what failed, and the request it failed for.
    public typealias FailureReport = @Sendable (_ error: any Error, _ place: String, _ context: RequestContext) -> Void

    /// - Parameters:
    ///   - info: what the server says about itself.
    ///   - instructions: what the model is told about the server as a whole.
    ///   - tools: what the model may call, in the order in which they are listed.
    ///   - pageSize: how many elements one page of a list holds, at least 1.
    ///   - cacheHint: how long clients of 2026-07-28 may keep what `server/discover` and the lists answer.
    ///   - onFailure: hears of errors that no client may see; the place for a log.
    /// - Throws: ``ToolRegistrationError`` for a tool that clients would refuse.
    public init(
        info: Implementation, instructions: String? = nil, tools: [Tool], pageSize: Int = 1000, cacheHint: CacheHint = .none,
        onFailure: @escaping FailureReport = { _, _, _ in }
    ) throws(ToolRegistrationError) {
        precondition(pageSize > 0, "a page holds at least one element")
        let toolMethods = try ToolMethods(
            tools, pagination: Pagination(pageSize: pageSize), cacheHint: cacheHint, onFailure: onFailure)
        // Whatever else the protocol offers (resources, prompts, ...) joins here as one more feature.
        let offered = [toolMethods.feature]
        let lifecycle = LifecycleMethods(
            instructions: instructions, capabilities: { Self.capabilities(of: offered, for: $0) }, cacheHint: cacheHint)
        self.info = info
        self.instructions = instructions
        self.onFailure = onFailure
        features = offered + [lifecycle.feature]
        var methods: [String: Method] = [:]
        for method in features.flatMap(\.methods) { methods[method.name] = method }
        self.methods = methods
    }

    /// What the server announces in `revision`.
    public func capabilities(for revision: Revision) -> JSONObject {
        Self.capabilities(of: features, for: revision)
    }

    /// Whether `method` exists in `revision`.
    public func serves(_ method: String, in revision: Revision) -> Bool {
        methods[method]?.serves(revision) ?? false
    }

    /// Answers a request. Runs on the caller's task; where that is cancelled the answer is an error that need not be sent.
    ///
    /// `initialize` is no method here: see ``LegacyConversation``.
    public func respond(to request: JSONRPCRequest, in context: RequestContext) async -> Response {
        guard let method = methods[request.method], method.serves(context.revision) else {
            return Response(id: request.id, .methodNotFound(request.method))
        }
        defer { context.progress?.finish() }
        do {
            let result = try await method.answer(request.params, context)
            return Response(id: request.id, outcome: .success(envelope(result, for: context.revision)))
        } catch let error as JSONRPCError {
            return Response(id: request.id, error)
        } catch is CancellationError {
            return Response(id: request.id, .cancelled)
        } catch {
            onFailure(error, request.method, context)
            return Response(id: request.id, JSONRPCError(.internalError, "The server failed to answer \(request.method); its log says why."))
        }
    }

    private static func capabilities(of features: [Feature], for revision: Revision) -> JSONObject {
        JSONObject(features.compactMap { $0.capability(revision) })
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
