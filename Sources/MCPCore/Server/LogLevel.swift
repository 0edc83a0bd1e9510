/// How much a log message matters (RFC 5424), least first.
public enum LogLevel: String, Sendable, Hashable, CaseIterable, Comparable {
    case debug
    case info
    case notice
    case warning
    case error
    case critical
    case alert
    case emergency

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// Less important is smaller.
    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }

    /// What a legacy session logs before `logging/setLevel` says something else; the specification leaves it to the server.
    public static let initial = LogLevel.info
}
