public import JSON

/// The way back to the client while one of its requests is answered. Each transport has its own.
public protocol ClientChannel: Sendable {
    /// Sends a notification ahead of the answer. Never waits: a channel keeps a bounded number of them and drops what comes on top.
    func send(_ notification: JSONRPCNotification)

    /// Asks the client something and waits for its answer (legacy revisions; 2026-07-28 has no requests of servers).
    ///
    /// - Returns: the result, unchecked.
    /// - Throws: ``ClientUnreachable`` where the channel carries no questions or nobody answered, ``JSONRPCError`` where the client refused,
    ///   `CancellationError`.
    func ask(_ method: String, _ params: JSONObject) async throws -> JSONValue

    /// Keeps what the client set for its session.
    ///
    /// - Throws: -32600 where there is no session to keep it in.
    func remember(_ setting: ClientSetting) async throws(JSONRPCError)

    /// Ends the connection but not the stream: a client of 2025-11-25 comes back for the rest after the time it is told. Does nothing elsewhere.
    func pause(retryAfter: Duration)
}

/// What a client sets once and a session keeps.
public enum ClientSetting: Sendable, Hashable {
    /// The least important log messages that it wants.
    case logLevel(LogLevel)
    /// Whether it wants to hear when this resource changes.
    case subscription(uri: String, isOn: Bool)
}

extension ClientChannel {
    /// Nobody can be asked this way.
    public func ask(_ method: String, _ params: JSONObject) async throws -> JSONValue {
        throw ClientUnreachable("This connection carries no questions to the client; connect with a session whose stream stays open.")
    }

    /// There is no session.
    public func remember(_ setting: ClientSetting) async throws(JSONRPCError) {
        throw JSONRPCError(.invalidRequest, "There is no session in which this could be kept.")
    }

    /// The connection stays.
    public func pause(retryAfter: Duration) {}
}

/// A channel that leads nowhere: notifications are dropped, questions fail.
public struct ClosedChannel: ClientChannel {
    /// A channel that leads nowhere.
    public init() {}

    /// Drops it.
    public func send(_ notification: JSONRPCNotification) {}
}

/// A channel that only takes notifications.
public struct NotificationOutlet: ClientChannel {
    private let receive: @Sendable (JSONRPCNotification) -> Void

    /// - Parameter receive: takes a notification without waiting, and may drop it where its buffer is full.
    public init(_ receive: @escaping @Sendable (JSONRPCNotification) -> Void) {
        self.receive = receive
    }

    /// Hands a notification over.
    public func send(_ notification: JSONRPCNotification) { receive(notification) }
}

/// Thrown where the client cannot be asked, or did not answer.
public struct ClientUnreachable: Error, Sendable, Hashable, CustomStringConvertible {
    /// One sentence for the model or the person who waits.
    public var description: String

    /// - Parameter description: one sentence with the reason and what helps.
    public init(_ description: String) { self.description = description }
}
