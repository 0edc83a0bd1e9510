import Access
import Synchronization

/// What becomes of a session after its id was signed: the only things about it that a server remembers.
public struct SessionRecord: Sendable, Hashable {
    /// The session: 32 hexadecimal digits, which are not its id on the wire.
    public var session: String
    /// When the session's id expires, in seconds since 1970; the record may go then.
    public var expires: UInt32
    /// Whether the client ended it.
    public var hasEnded: Bool
    /// What `logging/setLevel` set.
    public var logLevel: String?
    /// The URIs of the resources whose changes it wants to hear of.
    public var subscriptions: [String]

    /// How many resources a session may subscribe to.
    public static let maximumSubscriptions = 1000

    /// A record with its parts.
    public init(session: String, expires: UInt32, hasEnded: Bool = false, logLevel: String? = nil, subscriptions: [String] = []) {
        self.session = session
        self.expires = expires
        self.hasEnded = hasEnded
        self.logLevel = logLevel
        self.subscriptions = subscriptions
    }
}

/// Keeps the records of sessions. Several processes that serve the same sessions share one.
///
/// It is asked once for every request in a session, so what it answers should come from memory.
public protocol SessionRecords: Sendable {
    /// The record of a session; `nil` for the many that have none.
    func record(of session: String) async throws -> SessionRecord?
    /// Changes a record, or a new one where there is none, in one step: nobody else's change may be lost. One that has ended stays as it is.
    ///
    /// - Returns: the record as it is kept now.
    func update(_ session: String, expires: UInt32, _ change: @escaping @Sendable (inout SessionRecord) -> Void) async throws -> SessionRecord
}

/// Records in memory: they end with the process.
public final class SessionRecordsInMemory: SessionRecords {
    private let records = Mutex<[String: SessionRecord]>([:])
    private let limit: Int
    private let now: @Sendable () -> UInt32

    /// - Parameters:
    ///   - limit: how many records are kept; above it the ones that expire first go.
    ///   - now: seconds since 1970.
    public init(limit: Int = 100_000, now: (@Sendable () -> UInt32)? = nil) {
        self.limit = max(1, limit)
        self.now = now ?? { WallClock.seconds() }
    }

    /// The record of a session.
    public func record(of session: String) async -> SessionRecord? {
        records.withLock { $0.isEmpty ? nil : $0[session] }
    }

    /// Changes a record, and drops what has expired where there is no room.
    public func update(
        _ session: String, expires: UInt32, _ change: @escaping @Sendable (inout SessionRecord) -> Void
    ) async -> SessionRecord {
        let now = now()
        return records.withLock { records in
            var record = records[session] ?? SessionRecord(session: session, expires: expires)
            guard !record.hasEnded else { return record }
            change(&record)
            records[session] = record
            guard records.count > limit else { return record }
            records = records.filter { $0.value.expires > now }
            guard records.count > limit else { return record }
            // A tenth at once, so that the sorting is paid for seldom.
            let order = records.values.sorted { $0.expires < $1.expires }
            for old in order.prefix(records.count - limit + limit / 10) where old.session != session { records[old.session] = nil }
            return record
        }
    }
}
