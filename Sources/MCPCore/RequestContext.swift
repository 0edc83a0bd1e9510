public import Access
public import JSON

/// What a method or a tool knows of the request that it answers, whatever transport and revision brought it.
///
/// Cancellation is that of the Swift task on which the handler runs.
public struct RequestContext: Sendable {
    /// The id of the request.
    public var requestID: RequestID
    /// The revision that is spoken.
    public var revision: Revision
    /// Who sent the request, by its own account.
    public var client: Implementation?
    /// What the client declared; in 2026-07-28 with this very request.
    public var clientCapabilities: JSONObject
    /// Who asks, as far as the server can prove it.
    public var principal: Principal
    /// Tells the client how far the work is; `nil` where it did not ask.
    public var progress: ProgressReporter?
    /// When nobody waits for the answer any more; `nil` for no limit.
    public var deadline: ContinuousClock.Instant?
    /// The request's `_meta`, with trace context and whatever else the client put there.
    public var metadata: JSONObject
    private let outlet: NotificationOutlet

    /// The context of one request.
    ///
    /// - Parameters:
    ///   - request: the request; its progress token and `_meta` are read from it.
    ///   - revision: the revision that is spoken.
    ///   - client: who sent it, by its own account.
    ///   - clientCapabilities: what the client declared.
    ///   - principal: who asks.
    ///   - outlet: where notifications of this request go.
    ///   - deadline: when nobody waits for the answer any more.
    public init(
        _ request: JSONRPCRequest, revision: Revision, client: Implementation? = nil, clientCapabilities: JSONObject = JSONObject(),
        principal: Principal, outlet: NotificationOutlet = .none, deadline: ContinuousClock.Instant? = nil
    ) {
        requestID = request.id
        self.revision = revision
        self.client = client
        self.clientCapabilities = clientCapabilities
        self.principal = principal
        self.deadline = deadline
        self.outlet = outlet
        metadata = request.params["_meta"]?.object ?? JSONObject()
        progress = metadata["progressToken"].flatMap(RequestID.init).map { token in
            ProgressReporter(token: token, revision: revision, outlet: outlet)
        }
    }

    /// The context of a request that carries its own metadata.
    ///
    /// - Throws: -32022 where the metadata names a revision that is not served without a handshake.
    public init(
        _ request: JSONRPCRequest, metadata: RequestMetadata, principal: Principal, outlet: NotificationOutlet = .none,
        deadline: ContinuousClock.Instant? = nil
    ) throws(JSONRPCError) {
        self.init(
            request, revision: try metadata.revision(), client: metadata.client, clientCapabilities: metadata.capabilities,
            principal: principal, outlet: outlet, deadline: deadline)
    }

    /// Sends a notification that belongs to this request, ahead of its response.
    ///
    /// Never waits: a transport keeps a bounded number of them and drops what comes on top.
    public func notify(_ notification: JSONRPCNotification) {
        outlet.send(notification)
    }
}

/// Where the notifications of a request go.
public struct NotificationOutlet: Sendable {
    private let receive: @Sendable (JSONRPCNotification) -> Void

    /// - Parameter receive: takes a notification without waiting, and may drop it where its buffer is full.
    public init(_ receive: @escaping @Sendable (JSONRPCNotification) -> Void) {
        self.receive = receive
    }

    /// Drops everything.
    public static let none = NotificationOutlet { _ in }

    /// Hands a notification over.
    public func send(_ notification: JSONRPCNotification) { receive(notification) }
}
