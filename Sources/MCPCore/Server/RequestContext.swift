public import Access
public import JSON

/// What a method, a tool, a prompt or a resource knows of the request that it answers, whatever transport and revision brought it.
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
    /// The least important log messages that the client wants; `nil` for none at all.
    public var logLevel: LogLevel?
    /// The URI as it was asked for, while a resource is read.
    public internal(set) var resourceURI: String?
    let channel: any ClientChannel
    /// How questions travel; the server decides it when it takes the request on.
    var questions: Questions

    /// The context of one request.
    ///
    /// - Parameters:
    ///   - request: the request; its progress token and `_meta` are read from it.
    ///   - revision: the revision that is spoken.
    ///   - client: who sent it, by its own account.
    ///   - clientCapabilities: what the client declared.
    ///   - principal: who asks.
    ///   - channel: the way back to the client.
    ///   - logLevel: what a legacy session logs; 2026-07-28 says it with the request.
    ///   - deadline: when nobody waits for the answer any more.
    public init(
        _ request: JSONRPCRequest, revision: Revision, client: Implementation? = nil, clientCapabilities: JSONObject = JSONObject(),
        principal: Principal, channel: any ClientChannel = ClosedChannel(), logLevel: LogLevel? = .initial,
        deadline: ContinuousClock.Instant? = nil
    ) {
        requestID = request.id
        self.revision = revision
        self.client = client
        self.clientCapabilities = clientCapabilities
        self.principal = principal
        self.deadline = deadline
        self.channel = channel
        questions = .channel(channel)
        metadata = request.params["_meta"]?.object ?? JSONObject()
        self.logLevel =
            revision.isLegacy ? logLevel : metadata[RequestMetadata.logLevelKey]?.string.flatMap(LogLevel.init(rawValue:))
        progress = metadata["progressToken"].flatMap(RequestID.init).map { token in
            ProgressReporter(token: token, revision: revision, channel: channel)
        }
    }

    /// The context of a request that carries its own metadata.
    ///
    /// - Throws: -32022 where the metadata names a revision that is not served without a handshake.
    public init(
        _ request: JSONRPCRequest, metadata: RequestMetadata, principal: Principal, channel: any ClientChannel = ClosedChannel(),
        deadline: ContinuousClock.Instant? = nil
    ) throws(JSONRPCError) {
        self.init(
            request, revision: try metadata.revision(), client: metadata.client, clientCapabilities: metadata.capabilities,
            principal: principal, channel: channel, deadline: deadline)
    }

    /// The trace that this request belongs to; `nil` where the client named none that is well formed.
    public var trace: TraceContext? {
        TraceContext(
            traceparent: metadata["traceparent"]?.string, tracestate: metadata["tracestate"]?.string, baggage: metadata["baggage"]?.string)
    }

    /// Sends a notification that belongs to this request, ahead of its response.
    ///
    /// Never waits: a transport keeps a bounded number of them and drops what comes on top.
    public func notify(_ notification: JSONRPCNotification) {
        channel.send(notification)
    }

    /// Writes to the client's log, if it wants to hear messages of this level. Never put a secret here.
    ///
    /// - Parameters:
    ///   - level: how much it matters.
    ///   - data: any JSON value, such as a sentence.
    ///   - logger: which part of the server speaks.
    public func log(_ level: LogLevel, _ data: JSONValue, logger: String? = nil) {
        guard let logLevel, level >= logLevel else { return }
        var params: JSONObject = ["level": .string(level.rawValue)]
        if let logger { params["logger"] = .string(logger) }
        params["data"] = data
        channel.send(JSONRPCNotification(method: "notifications/message", params: params))
    }

    /// Lets a client that polls go, while the handler goes on (2025-11-25 over HTTP; elsewhere nothing happens).
    public func pause(retryAfter: Duration) { channel.pause(retryAfter: retryAfter) }
}
