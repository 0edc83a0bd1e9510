import JSON

/// `tools/list` and `tools/call`.
struct ToolMethods: Sendable {
    let tools: [RegisteredTool]
    let pagination: Pagination
    let cacheHint: CacheHint
    let onFailure: MCPServer.FailureReport
    private let byName: [String: RegisteredTool]

    init(
        _ tools: [Tool], pagination: Pagination, cacheHint: CacheHint, onFailure: @escaping MCPServer.FailureReport
    ) throws(ToolRegistrationError) {
        var registered: [RegisteredTool] = []
        var byName: [String: RegisteredTool] = [:]
        for tool in tools {
            let entry = try RegisteredTool(tool)
            guard byName.updateValue(entry, forKey: tool.name) == nil else { throw .duplicateName(tool.name) }
            registered.append(entry)
        }
        self.tools = registered
        self.byName = byName
        self.pagination = pagination
        self.cacheHint = cacheHint
        self.onFailure = onFailure
    }

    var feature: Feature {
        Feature(
            methods: [
                Method("tools/list") { params, context in try list(params, context) },
                Method("tools/call") { params, context in MethodResult(try await call(params, context)) },
            ],
            capability: { _ in JSONObject.Member(key: "tools", value: [:]) })
    }

    private func list(_ params: JSONObject, _ context: RequestContext) throws(JSONRPCError) -> MethodResult {
        let (page, nextCursor) = try pagination.page(of: tools, params: params) { $0.tool.name }
        var members: JSONObject = ["tools": .array(page.map { $0.tool.json(for: context.revision) })]
        if let nextCursor { members["nextCursor"] = .string(nextCursor) }
        return MethodResult(members, cacheHint: cacheHint)
    }

    private func call(_ params: JSONObject, _ context: RequestContext) async throws -> JSONObject {
        guard let name = params["name"]?.string else {
            throw JSONRPCError(.invalidParams, "tools/call needs \"name\", a string that names a tool.")
        }
        guard let entry = byName[name] else { throw JSONRPCError(.invalidParams, "Unknown tool: \(name.prefix(128))") }
        let arguments: JSONObject
        switch params["arguments"] {
        // Absent means none; some clients write null.
        case nil, .null: arguments = JSONObject()
        case .object(let object): arguments = object
        case .some(let other):
            throw JSONRPCError(.invalidParams, "\"arguments\" of the tool \(name) must be an object, not \(other.kindName).")
        }
        let result = try await outcome(of: entry, arguments, context)
        return result.json(for: context.revision, wrapsStructuredContent: entry.wrapsStructuredContent)
    }

    private func outcome(of entry: RegisteredTool, _ arguments: JSONObject, _ context: RequestContext) async throws -> ToolResult {
        if let complaint = entry.arguments.complaint(about: .object(arguments), at: "arguments") {
            return try refusal(complaint, entry, context)
        }
        let result: ToolResult
        do {
            result = try await entry.tool.call(arguments, context)
        } catch let error as InvalidArguments {
            return try refusal(error.message, entry, context)
        } catch let error as ToolFailure {
            return .failure(error.message)
        } catch let error as JSONRPCError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            // What an error of a library says may show paths, queries or secrets.
            onFailure(error, "tool \(entry.tool.name)", context)
            return .failure("The tool \(entry.tool.name) failed inside of the server; its log says why.")
        }
        if !result.isError, let output = entry.output, let value = result.structuredContent,
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
