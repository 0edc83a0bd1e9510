/// The place of a request in a distributed trace, as the client put it into `_meta` (W3C Trace Context and Baggage).
public struct TraceContext: Sendable, Hashable {
    /// `version-traceid-parentid-flags`, checked for its form.
    public var traceparent: String
    /// Vendors' own values.
    public var tracestate: String?
    /// The W3C Baggage header's value.
    public var baggage: String?

    /// `nil` where `traceparent` is missing or malformed; W3C Trace Context section 3.2 then wants a new trace.
    init?(traceparent: String?, tracestate: String?, baggage: String?) {
        guard let traceparent, Self.isWellFormed(traceparent) else { return nil }
        self.traceparent = traceparent
        self.tracestate = tracestate.flatMap { $0.utf8.count <= 512 ? $0 : nil }
        self.baggage = baggage.flatMap { $0.utf8.count <= 8192 ? $0 : nil }
    }

    private static func isWellFormed(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0] != "ff", parts[0] != "00" || parts.count == 4, text.utf8.count <= 512 else { return false }
        guard zip(parts, [2, 32, 16, 2]).allSatisfy({ $0.utf8.count == $1 && $0.utf8.allSatisfy(isLowerHex) }) else { return false }
        return parts[1].contains { $0 != "0" } && parts[2].contains { $0 != "0" }
    }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }
}
