import Access
import JSON

/// `tools/list` and `tools/call`.
struct ToolMethods: Sendable {
    let tools: ToolList
    let tasks: TaskStore
    let background: BackgroundWork
    let pagination: Pagination
    let cacheHint: CacheHint
    let onFailure: MCPServer.FailureReport
    let onCall: MCPServer.CallReport

    var feature: Feature {
        Feature(
            methods: [
                Method("tools/list") { params, context in try list(params, context) },
                Method("tools/call", mayAsk: true) { params, context in MethodResult(try await call(params, context)) },
            ],
            isOffered: { !tools.isEmpty },
            capability: { _ in JSONObject.Member(key: "tools", value: ["listChanged": true]) })
    }

    private func list(_ params: JSONObject, _ context: RequestContext) throws(JSONRPCError) -> MethodResult {
        let (page, nextCursor) = try pagination.page(of: tools.all, params: params) { $0.tool.name }
        var members: JSONObject = ["tools": .array(page.map { $0.tool.json(for: context.revision) })]
        if let nextCursor { members["nextCursor"] = .string(nextCursor) }
        return MethodResult(members, cacheHint: cacheHint)
    }

    private func call(_ params: JSONObject, _ context: RequestContext) async throws -> JSONObject {
        guard let name = params["name"]?.string else {
            throw JSONRPCError(.invalidParams, "tools/call needs \"name\", a string that names a tool.")
        }
        guard let entry = tools[name] else { throw JSONRPCError(.invalidParams, "Unknown tool: \(name.prefix(128))") }
        var arguments: JSONObject
        switch params["arguments"] {
        // Absent means none; some clients write null.
        case nil, .null: arguments = JSONObject()
        case .object(let object): arguments = object
        case .some(let other):
            throw refused(entry, JSONRPCError(.invalidParams, "\"arguments\" of the tool \(name) must be an object, not \(other.kindName)."))
        }
        guard entry.tool.scopes.isSubset(of: context.principal.scopes) else {
            throw refused(entry, JSONRPCError.insufficientScope(entry.tool.scopes, for: "The tool \(name)"))
        }
        let form: TaskRecord.Form?
        do throws(JSONRPCError) { form = try taskForm(of: entry, params, context) } catch { throw refused(entry, error) }
        if let prepare = entry.tool.prepare {
            let answer = try await reported(entry) {
                try await outcome(of: entry, arguments, context) { checked, context in
                    arguments = try await prepare(checked, context)
                    return nil
                }
            }
            if let answer { return answer.json(for: context.revision, wrapsStructuredContent: entry.wrapsStructuredContent) }
        }
        guard let form else { return try await result(of: entry, arguments, context, isPrepared: entry.tool.prepare != nil) }
        return try start(form, entry, arguments, lifetime: params["task"]?["ttl"]?.integer, context)
    }

    /// - Parameter isPrepared: the arguments were checked before, and the tool itself may have added to them since.
    private func result(
        of entry: RegisteredTool, _ arguments: JSONObject, _ context: RequestContext, isPrepared: Bool
    ) async throws -> JSONObject {
        let result = try await reported(entry) {
            try await outcome(of: entry, arguments, context, isPrepared: isPrepared) { try await entry.tool.call($0, $1) } ?? ToolResult()
        }
        return (result ?? ToolResult()).json(for: context.revision, wrapsStructuredContent: entry.wrapsStructuredContent)
    }

    /// Tells what came of a call. One that goes on (`nil`) is told later.
    private func reported(_ entry: RegisteredTool, _ body: () async throws -> ToolResult?) async throws -> ToolResult? {
        do {
            let result = try await body()
            if let result { onCall(entry.tool.name, result.isError ? .failed : .answered) }
            return result
        } catch {
            onCall(entry.tool.name, error is InputRequired ? .asked : error is CancellationError ? .cancelled : .refused)
            throw error
        }
    }

    private func refused(_ entry: RegisteredTool, _ error: JSONRPCError) -> JSONRPCError {
        onCall(entry.tool.name, .refused)
        return error
    }

    // MARK: Tasks

    /// `nil` for a call that is answered at once.
    private func taskForm(of entry: RegisteredTool, _ params: JSONObject, _ context: RequestContext) throws(JSONRPCError) -> TaskRecord.Form? {
        let support = entry.tool.taskSupport
        guard context.revision.isLegacy else {
            guard support != .forbidden else { return nil }
            if TaskMethods.isDeclared(by: context.clientCapabilities) { return .extension }
            if support == .required { throw TaskMethods.notDeclared }
            return nil
        }
        // Older revisions have no tasks: the client cannot know that it has to wait.
        guard context.revision == .v2025_11_25 else { return nil }
        let asks = params["task"].map { !$0.isNull } ?? false
        if asks, support == .forbidden {
            throw JSONRPCError(.methodNotFound, "The tool \(entry.tool.name) cannot be called as a task; call it without \"task\".")
        }
        if !asks, support == .required {
            throw JSONRPCError(.methodNotFound, "The tool \(entry.tool.name) is called as a task or not at all; add \"task\" to the call.")
        }
        return asks ? .core : nil
    }

    private func start(
        _ form: TaskRecord.Form, _ entry: RegisteredTool, _ arguments: JSONObject, lifetime: Int64?, _ context: RequestContext
    ) throws(JSONRPCError) -> JSONObject {
        let run = try tasks.create(form, lifetime: lifetime.flatMap(Int.init(exactly:)), principal: context.principal.name)
        var inside = context
        inside.questions = .task(run)
        inside.progress = nil
        inside.logLevel = nil
        let (entered, inTask) = (self, inside)
        let isStarted = background.start {
            await run.run(form) {
                do {
                    return .success(try await entered.result(of: entry, arguments, inTask, isPrepared: entry.tool.prepare != nil))
                } catch let error as JSONRPCError {
                    return .failure(error)
                } catch is CancellationError {
                    return .failure(.cancelled)
                } catch {
                    entered.onFailure(error, "tool \(entry.tool.name)", inTask)
                    return .failure(JSONRPCError(.internalError, "The task failed inside of the server; its log says why."))
                }
            }
        }
        guard isStarted, let record = tasks.peek(run.id) else {
            tasks.forget(run.id)
            throw JSONRPCError(.internalError, "The server runs no tasks now; try again later.")
        }
        switch form {
        case .core: return ["task": .object(record.coreFields)]
        case .extension:
            var members: JSONObject = ["resultType": "task"]
            for member in record.extensionFields(isCreated: true, revision: context.revision).members { members[member.key] = member.value }
            // The type of a tool's result wants it, and nobody minds it here.
            members["content"] = []
            return members
        }
    }

    // MARK: What a tool comes to

    private func outcome(
        of entry: RegisteredTool, _ arguments: JSONObject, _ context: RequestContext, isPrepared: Bool = false,
        _ body: (JSONObject, RequestContext) async throws -> ToolResult?
    ) async throws -> ToolResult? {
        if !isPrepared, let complaint = entry.arguments.complaint(about: .object(arguments), at: "arguments") {
            return try refusal(complaint, entry, context)
        }
        let result: ToolResult?
        do {
            result = try await body(arguments, context)
        } catch let error as InvalidArguments {
            return try refusal(error.message, entry, context)
        } catch let error as ToolFailure {
            return .failure(error.message)
        } catch let error as ClientUnreachable {
            return .failure(error.description)
        } catch let wish as URLElicitationRequired {
            let outcome = context.outcome(of: wish)
            if let failure = outcome as? ToolFailure { return .failure(failure.message) }
            if let unreachable = outcome as? ClientUnreachable { return .failure(unreachable.description) }
            throw outcome
        } catch let error where error is JSONRPCError || error is CancellationError || error is InputRequired {
            throw error
        } catch {
            // What an error of a library says may show paths, queries or secrets.
            onFailure(error, "tool \(entry.tool.name)", context)
            return .failure("The tool \(entry.tool.name) failed inside of the server; its log says why.")
        }
        if let result, !result.isError, let output = entry.output, let value = result.structuredContent,
            let complaint = output.complaint(about: value, at: "structuredContent")
        {
            throw JSONRPCError(.internalError, "The tool \(entry.tool.name) broke its own output schema: \(complaint)")
        }
        return result
    }

    /// SEP-1303: since 2025-11-25 the model itself is told, so that it can correct the call.
    private func refusal(_ sentence: String, _ entry: RegisteredTool, _ context: RequestContext) throws(JSONRPCError) -> ToolResult {
        let text = "Invalid arguments for the tool \(entry.tool.name): \(sentence)"
        guard context.revision >= .v2025_11_25 else { throw JSONRPCError(.invalidParams, text) }
        return .failure(text)
    }
}
