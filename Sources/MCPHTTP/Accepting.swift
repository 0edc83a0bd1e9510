/// What a client takes (RFC 9110 section 12.5.1), as far as this endpoint has a choice. Quality values are not weighed,
/// but `q=0` refuses: MCP clients name the types that they can read.
struct Accepting: Sendable, Hashable {
    var json: Bool
    var events: Bool
    /// Whether event streams are named, not merely allowed by a wildcard.
    var namesEvents: Bool
    var namesHTML: Bool

    /// - Parameter header: absent means that anything is taken.
    init(_ header: String?) {
        let header = header ?? "application/json"
        let types = header.lowercased().split(separator: ",").prefix(50).compactMap { part -> String? in
            let pieces = part.filter { $0 != " " && $0 != "\t" }.split(separator: ";")
            let isRefused = pieces.dropFirst().contains { $0.hasPrefix("q=") && $0.dropFirst(2).allSatisfy { $0 == "0" || $0 == "." } }
            return isRefused ? nil : pieces.first.map(String.init)
        }
        let all = types.contains("*/*")
        namesEvents = types.contains("text/event-stream")
        namesHTML = types.contains("text/html")
        json = all || types.contains("application/json") || types.contains("application/*")
        events = all || namesEvents || types.contains("text/*")
    }
}
