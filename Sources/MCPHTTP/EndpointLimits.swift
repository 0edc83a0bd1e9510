/// What one endpoint may take.
public struct EndpointLimits: Sendable, Hashable {
    /// How deep the JSON of a message may nest.
    public var nestingDepth = 64
    /// Bytes of a posted body.
    public var bodyBytes = 4 * 1024 * 1024
    /// Requests that are answered at once.
    public var requestsInFlight = 256
    /// Event streams that are open at once.
    public var streams = 1024
    /// Events that wait for a slow reader, for each stream.
    public var eventsWaiting = 1024
    /// Between two comments on a stream on which nothing else happens.
    public var pingInterval: Duration = .seconds(15)
    /// How long a client, and the person in front of it, may take to answer a question.
    public var questionTimeout: Duration = .seconds(600)
    /// Streams that are kept for clients who come back with `Last-Event-ID` (2025-11-25).
    public var keptStreams = 1024
    /// Bytes that are kept of each.
    public var keptStreamBytes = 1024 * 1024
    /// How long a stream that nobody reads is kept.
    public var keptStreamLifetime: Duration = .seconds(300)
    /// How long a session id is good for, in seconds.
    public var sessionLifetime: UInt32 = 30 * 86_400

    /// The limits that fit a server of one team.
    public init() {}
}
