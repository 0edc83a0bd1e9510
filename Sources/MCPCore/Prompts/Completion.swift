import JSON

/// Gives the values that could stand where the user has typed `value` so far.
public typealias Completer =
    @Sendable (_ value: String, _ arguments: [String: String], _ context: RequestContext) async throws -> Completions

/// Values that complete an argument.
public struct Completions: Sendable, Hashable {
    /// More than so many are never sent (2026-07-28 refuses them).
    public static let limit = 100

    /// The values, best first.
    public var values: [String]
    /// How many there are in all, where that is known.
    public var total: Int?

    /// - Parameters:
    ///   - values: the values, best first; what stands behind the hundredth stays behind.
    ///   - total: how many there are in all, where that is known.
    public init(_ values: [String], total: Int? = nil) {
        self.values = values
        self.total = total
    }

    var json: JSONValue {
        var object: JSONObject = ["values": .array(values.prefix(Self.limit).map(JSONValue.string))]
        let total = total ?? (values.count > Self.limit ? values.count : nil)
        if let total { object["total"] = .integer(Int64(total)) }
        if values.count > Self.limit || (total ?? 0) > values.count { object["hasMore"] = true }
        return .object(object)
    }
}

/// `completion/complete`, for arguments of prompts and variables of resource templates.
struct CompletionMethods: Sendable {
    let prompts: PromptList
    let resources: ResourceList

    var feature: Feature {
        Feature(
            methods: [Method("completion/complete") { params, context in try await complete(params, context) }],
            isOffered: { !prompts.isEmpty || !resources.templates.isEmpty },
            // 2024-11-05 has the method and no capability for it.
            capability: { $0 >= .v2025_03_26 ? JSONObject.Member(key: "completions", value: [:]) : nil })
    }

    private func complete(_ params: JSONObject, _ context: RequestContext) async throws -> MethodResult {
        guard let argument = params["argument"], let name = argument["name"]?.string, let value = argument["value"]?.string else {
            throw JSONRPCError(.invalidParams, "completion/complete needs \"argument\" with a \"name\" and a \"value\", both strings.")
        }
        var arguments: [String: String] = [:]
        for member in params["context"]?["arguments"]?.object?.members ?? [] { arguments[member.key] = member.value.string }
        let completer = try completer(of: params["ref"], argument: name)
        let completions = try await completer?(value, arguments, context) ?? Completions([])
        return MethodResult(["completion": completions.json])
    }

    /// `nil` for an argument that nothing completes, which is no error.
    private func completer(of reference: JSONValue?, argument: String) throws(JSONRPCError) -> Completer? {
        switch reference?["type"]?.string {
        case "ref/prompt":
            guard let name = reference?["name"]?.string, let prompt = prompts[name] else {
                throw JSONRPCError(.invalidParams, "\"ref\" names no prompt of this server.")
            }
            guard let known = prompt.arguments.first(where: { $0.name == argument }) else {
                throw JSONRPCError(.invalidParams, "The prompt \(name) has no argument \(argument.prefix(64)).")
            }
            return known.completer
        case "ref/resource":
            guard let uri = reference?["uri"]?.string else { throw JSONRPCError(.invalidParams, "\"ref\" needs \"uri\", a URI template.") }
            guard let template = resources.template(uri) ?? resources.templates.first(where: { $0.pattern.match(uri) != nil }) else {
                throw JSONRPCError(.invalidParams, "\"ref\" names no resource template of this server.")
            }
            guard template.pattern.variables.contains(argument) else {
                throw JSONRPCError(.invalidParams, "The template \(template.template.uriTemplate) has no variable \(argument.prefix(64)).")
            }
            return template.template.completions[argument]
        default: throw JSONRPCError(.invalidParams, "\"ref\" needs \"type\": ref/prompt or ref/resource.")
        }
    }
}
