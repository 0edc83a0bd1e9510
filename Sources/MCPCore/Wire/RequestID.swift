public import JSON

/// The id of a request: a string or an integer, kept exactly as it came (MCP forbids null and fractions).
public enum RequestID: Sendable, Hashable {
    case string(String)
    case integer(Int64)

    /// Reads an id, or a progress token, which has the same two forms; `nil` for anything else.
    public init?(_ value: JSONValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .integer(let number): self = .integer(number)
        default: return nil
        }
    }

    /// The id as it stands on the wire.
    public var json: JSONValue {
        switch self {
        case .string(let text): .string(text)
        case .integer(let number): .integer(number)
        }
    }
}

extension RequestID: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    /// A string id.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An integer id.
    public init(integerLiteral value: Int64) { self = .integer(value) }
}
