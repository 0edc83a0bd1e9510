/// Why a JSON Schema cannot be used, and where in it the reason stands.
public struct JSONSchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of reason it is.
    public enum Kind: Sendable, Hashable {
        /// A keyword has a value that the dialect does not allow.
        case malformed
        /// `$schema` names a dialect that is not known here.
        case unsupportedDialect
        /// A reference leads out of the document, or to nothing in it.
        case unresolvedReference
        /// References lead back to where they started, and nothing of the value is consumed on the way.
        case endlessReference
        /// A regular expression is malformed, or uses what matching in linear time cannot do.
        case unsupportedPattern
        /// The schema is larger than the limits allow.
        case limitExceeded
    }

    /// What kind of reason it is.
    public var kind: Kind
    /// A JSON Pointer (RFC 6901) to the place in the schema; empty for its root.
    public var pointer: String
    /// What is wrong there, as the part of a sentence that follows the place.
    public var reason: String

    /// - Parameters:
    ///   - kind: what kind of reason it is.
    ///   - pointer: a JSON Pointer to the place in the schema.
    ///   - reason: what is wrong there, as the part of a sentence that follows the place.
    public init(_ kind: Kind, at pointer: String, _ reason: String) {
        self.kind = kind
        self.pointer = pointer
        self.reason = reason
    }

    /// One sentence that begins with the place, written as a fragment: `#/properties/limit/minimum must be a number, not a string`.
    public var description: String { "#\(pointer) \(reason)" }
}
