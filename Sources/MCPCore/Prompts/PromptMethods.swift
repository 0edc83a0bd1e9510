import JSON

/// `prompts/list` and `prompts/get`.
struct PromptMethods: Sendable {
    let prompts: PromptList
    let pagination: Pagination
    let cacheHint: CacheHint

    var feature: Feature {
        Feature(
            methods: [
                Method("prompts/list") { params, context in try list(params, context) },
                Method("prompts/get", mayAsk: true) { params, context in try await get(params, context) },
            ],
            isOffered: { !prompts.isEmpty },
            capability: { _ in JSONObject.Member(key: "prompts", value: ["listChanged": true]) })
    }

    private func list(_ params: JSONObject, _ context: RequestContext) throws(JSONRPCError) -> MethodResult {
        let (page, nextCursor) = try pagination.page(of: prompts.all, params: params) { $0.name }
        var members: JSONObject = ["prompts": .array(page.map { $0.json(for: context.revision) })]
        if let nextCursor { members["nextCursor"] = .string(nextCursor) }
        return MethodResult(members, cacheHint: cacheHint)
    }

    private func get(_ params: JSONObject, _ context: RequestContext) async throws -> MethodResult {
        guard let name = params["name"]?.string else {
            throw JSONRPCError(.invalidParams, "prompts/get needs \"name\", a string that names a prompt.")
        }
        guard let prompt = prompts[name] else { throw JSONRPCError(.invalidParams, "Unknown prompt: \(name.prefix(128))") }
        let arguments = try Self.arguments(params["arguments"], of: prompt)
        let result: PromptResult
        do { result = try await prompt.get(arguments, context) } catch let error as InvalidArguments {
            throw JSONRPCError(.invalidParams, "Invalid arguments for the prompt \(name): \(error.message)")
        }
        var members: JSONObject = [:]
        if let description = result.description { members["description"] = .string(description) }
        members["messages"] = .array(
            result.messages.map { ["role": .string($0.role.rawValue), "content": $0.content.json(for: context.revision)] })
        return MethodResult(members)
    }

    private static func arguments(_ value: JSONValue?, of prompt: Prompt) throws(JSONRPCError) -> [String: String] {
        var arguments: [String: String] = [:]
        switch value {
        case nil, .null: break
        case .object(let object):
            for member in object.members {
                guard let text = member.value.string else {
                    throw JSONRPCError(
                        .invalidParams,
                        "The argument \(member.key.prefix(64)) of the prompt \(prompt.name) must be a string, not \(member.value.kindName).")
                }
                arguments[member.key] = text
            }
        case .some(let other):
            throw JSONRPCError(.invalidParams, "\"arguments\" of the prompt \(prompt.name) must be an object, not \(other.kindName).")
        }
        if let missing = prompt.arguments.first(where: { $0.isRequired && arguments[$0.name] == nil }) {
            throw JSONRPCError(.invalidParams, "The prompt \(prompt.name) needs the argument \(missing.name).")
        }
        return arguments
    }
}
