/// Whether calling a tool may become a task, whose result is fetched later.
public enum TaskSupport: String, Sendable, Hashable {
    /// It is answered at once.
    case forbidden
    /// A client of 2025-11-25 may ask for a task; one of 2026-07-28 that declares the extension gets one.
    case optional
    /// It is called as a task or not at all.
    case required
}

/// How many tasks a server keeps, and for how long.
public struct TaskLimits: Sendable, Hashable {
    /// Tasks at once, running and ended, of everybody.
    public var count = 1000
    /// Tasks at once of one principal.
    public var countPerPrincipal = 200
    /// How long an ended task is kept where the client does not say, in milliseconds.
    public var lifetime = 15 * 60_000
    /// The longest that a client may ask for, in milliseconds. A task that has not ended by then is cancelled.
    public var maximumLifetime = 24 * 3_600_000
    /// What clients are told to wait between two looks, in milliseconds.
    public var pollInterval = 500

    /// The limits that stand here.
    public init() {}
}
