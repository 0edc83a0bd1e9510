/// A dated revision of the Model Context Protocol.
///
/// Everything before 2026-07-28 opens with `initialize` and is called legacy; 2026-07-28 carries what a request needs in the
/// request itself and is the native shape of this library.
public enum Revision: String, Sendable, Hashable, CaseIterable, Comparable {
    case v2024_11_05 = "2024-11-05"
    case v2025_03_26 = "2025-03-26"
    case v2025_06_18 = "2025-06-18"
    case v2025_11_25 = "2025-11-25"
    case v2026_07_28 = "2026-07-28"

    /// The revisions with an initialize handshake, oldest first.
    public static let legacy: [Revision] = allCases.filter(\.isLegacy)
    /// What a server answers to an `initialize` that asks for something it does not know.
    public static let newestLegacy = Revision.v2025_11_25
    /// The newest revision, which needs no handshake.
    public static let newest = Revision.v2026_07_28
    /// The revisions that `server/discover` and error -32022 name: those that a client can use without a handshake. A client
    /// that read a legacy date there would send it inside `_meta`, where it means nothing.
    public static let stateless: [Revision] = allCases.filter { !$0.isLegacy }

    /// Whether the revision opens with `initialize`.
    public var isLegacy: Bool { self < .v2026_07_28 }

    /// Older is smaller: ISO dates order as text.
    public static func < (left: Revision, right: Revision) -> Bool { left.rawValue < right.rawValue }
}
