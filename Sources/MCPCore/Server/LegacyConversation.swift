public import Access
public import JSON

/// What `initialize` agreed on: all that a legacy revision needs beside the server itself.
///
/// A value: a transport that has connections keeps it there, one that has none puts it into a signed token.
public struct LegacyConversation: Sendable, Hashable {
    /// The revision that both sides speak.
    public var revision: Revision
    /// What the client can do.
    public var clientCapabilities: JSONObject
    /// Who the client is, by its own account.
    public var client: Implementation?
    /// The least important log messages that the client wants.
    public var logLevel = LogLevel.initial

    /// What is known of a conversation whose handshake happened elsewhere, or never.
    ///
    /// - Parameters:
    ///   - revision: a legacy revision.
    ///   - clientCapabilities: what the client declared; empty, where nothing is known.
    ///   - client: who the client is, by its own account.
    public init(revision: Revision, clientCapabilities: JSONObject = JSONObject(), client: Implementation? = nil) {
        self.revision = revision
        self.clientCapabilities = clientCapabilities
        self.client = client
    }

    /// Reads what a client asks for in `initialize`. A revision that is unknown, or has no handshake, becomes the newest that has one.
    ///
    /// - Throws: -32602 where the version is missing, or a member has the wrong type.
    public init(initialize request: JSONRPCRequest) throws(JSONRPCError) {
        guard let version = request.params["protocolVersion"]?.string else {
            throw JSONRPCError(.invalidParams, "initialize needs \"protocolVersion\", a string such as \"\(Revision.newestLegacy.rawValue)\".")
        }
        switch request.params["capabilities"] {
        case nil, .null: clientCapabilities = JSONObject()
        case .object(let object): clientCapabilities = object
        default: throw JSONRPCError(.invalidParams, "\"capabilities\" of initialize must be an object.")
        }
        let asked = Revision(rawValue: version)
        revision = asked.flatMap { $0.isLegacy ? $0 : nil } ?? .newestLegacy
        client = request.params["clientInfo"].flatMap(Implementation.init)
    }

    /// The answer to `initialize`.
    public func welcome(to request: JSONRPCRequest, from server: MCPServer) -> Response {
        var members: JSONObject = [
            "protocolVersion": .string(revision.rawValue),
            "capabilities": .object(server.capabilities(for: revision)),
            "serverInfo": server.info.json(for: revision),
        ]
        if let instructions = server.instructions { members["instructions"] = .string(instructions) }
        return Response(id: request.id, outcome: .success(members))
    }

    /// The context of a request of this conversation.
    public func context(
        for request: JSONRPCRequest, principal: Principal, channel: any ClientChannel = ClosedChannel(), deadline: ContinuousClock.Instant? = nil
    ) -> RequestContext {
        RequestContext(
            request, revision: revision, client: client, clientCapabilities: clientCapabilities, principal: principal, channel: channel,
            logLevel: logLevel, deadline: deadline)
    }

    /// A second `initialize` in one conversation.
    public static let alreadyInitialized = JSONRPCError(
        .invalidRequest, "This conversation is initialized already; open a new one to negotiate again.")
}
