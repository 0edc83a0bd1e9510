import JSON

/// `resources/list`, `resources/templates/list`, `resources/read`, and the subscriptions of legacy revisions.
struct ResourceMethods: Sendable {
    let resources: ResourceList
    let pagination: Pagination
    let cacheHint: CacheHint

    var feature: Feature {
        Feature(
            methods: [
                Method("resources/list") { params, context in try await list(params, context) },
                Method("resources/templates/list") { params, context in try listTemplates(params, context) },
                Method("resources/read", mayAsk: true) { params, context in try await read(params, context) },
                Method("resources/subscribe", serves: \.isLegacy) { params, context in try await subscribe(params, context, isOn: true) },
                Method("resources/unsubscribe", serves: \.isLegacy) { params, context in try await subscribe(params, context, isOn: false) },
            ],
            isOffered: { !resources.isEmpty },
            capability: { _ in JSONObject.Member(key: "resources", value: ["subscribe": true, "listChanged": true]) })
    }

    private func list(_ params: JSONObject, _ context: RequestContext) async throws -> MethodResult {
        let (page, nextCursor) = try pagination.page(of: try await resources.all(context), params: params) { $0.uri }
        var members: JSONObject = ["resources": .array(page.map { $0.json(for: context.revision) })]
        if let nextCursor { members["nextCursor"] = .string(nextCursor) }
        return MethodResult(members, cacheHint: cacheHint)
    }

    private func listTemplates(_ params: JSONObject, _ context: RequestContext) throws(JSONRPCError) -> MethodResult {
        let (page, nextCursor) = try pagination.page(of: resources.templates, params: params) { $0.template.uriTemplate }
        var members: JSONObject = ["resourceTemplates": .array(page.map { $0.template.json(for: context.revision) })]
        if let nextCursor { members["nextCursor"] = .string(nextCursor) }
        return MethodResult(members, cacheHint: cacheHint)
    }

    private func read(_ params: JSONObject, _ context: RequestContext) async throws -> MethodResult {
        let uri = try Self.uri(params, "resources/read")
        do {
            // An empty list would say that the resource is there and holds nothing.
            var context = context
            context.resourceURI = uri
            guard let contents = try await resources.contents(of: uri, context), !contents.isEmpty else { throw ResourceNotFound(uri) }
            return MethodResult(["contents": .array(contents.map { $0.json(for: context.revision) })], cacheHint: cacheHint)
        } catch let error as ResourceNotFound {
            throw error.error(for: context.revision)
        } catch let error as InvalidArguments {
            throw JSONRPCError(.invalidParams, "The resource cannot be read: \(error.message)", data: ["uri": .string(uri)])
        }
    }

    private func subscribe(_ params: JSONObject, _ context: RequestContext, isOn: Bool) async throws(JSONRPCError) -> MethodResult {
        let uri = try Self.uri(params, isOn ? "resources/subscribe" : "resources/unsubscribe")
        guard isURI(uri) else { throw JSONRPCError(.invalidParams, "\"uri\" is no URI, so nothing can be subscribed to.") }
        try await context.channel.remember(.subscription(uri: uri, isOn: isOn))
        return MethodResult()
    }

    /// A URI may be so many bytes long.
    private static let maximumLength = 4096

    private static func uri(_ params: JSONObject, _ method: String) throws(JSONRPCError) -> String {
        guard let uri = params["uri"]?.string, !uri.isEmpty else {
            throw JSONRPCError(.invalidParams, "\(method) needs \"uri\", a string that names a resource.")
        }
        guard uri.utf8.count <= maximumLength else {
            throw JSONRPCError(.invalidParams, "The URI is longer than \(maximumLength) bytes.")
        }
        return uri
    }
}

/// Thrown by a resource, or a template, that has nothing under the URI.
public struct ResourceNotFound: Error, Sendable, Hashable {
    /// What was asked for.
    public var uri: String

    /// - Parameter uri: what was asked for.
    public init(_ uri: String) { self.uri = uri }

    /// -32002 up to 2025-11-25; 2026-07-28 forbids that code and wants -32602.
    func error(for revision: Revision) -> JSONRPCError {
        JSONRPCError(
            revision.isLegacy ? .resourceNotFound : .invalidParams, "Resource not found: \(uri.prefix(256))", data: ["uri": .string(uri)])
    }
}
