/// Why a tool, a prompt or a resource cannot be offered.
public enum RegistrationError: Error, Sendable, Hashable, CustomStringConvertible {
    case invalidName(String)
    case duplicateName(String)
    case emptyDescription(String)
    case inputSchemaNotObject(tool: String)
    /// - reason: one sentence that names the place in the schema.
    case invalidSchema(tool: String, reason: String)
    /// An `x-mcp-header` that clients would drop the whole tool for (2026-07-28).
    case invalidHeader(tool: String, reason: String)
    case invalidURI(String)
    case invalidTemplate(String, reason: String)

    /// One sentence with the fix.
    public var description: String {
        switch self {
        case .invalidName(let name):
            "the name \"\(name)\" is not made of 1 to 64 letters, digits, \"_\", \"-\" and \".\", which every client accepts"
        case .duplicateName(let name): "two of them are called \"\(name)\""
        case .emptyDescription(let name): "\"\(name)\" has no description, without which nobody can choose it"
        case .inputSchemaNotObject(let tool):
            "the input schema of the tool \"\(tool)\" has no \"type\": \"object\" at its root, which every revision asks for"
        case .invalidSchema(let tool, let reason): "a schema of the tool \"\(tool)\" is of no use: \(reason)"
        case .invalidHeader(let tool, let reason): "an x-mcp-header of the tool \"\(tool)\" is of no use: \(reason)"
        case .invalidURI(let uri): "\"\(uri)\" is no URI: it needs a scheme and may hold no spaces"
        case .invalidTemplate(let template, let reason): "the URI template \"\(template)\" is of no use: \(reason)"
        }
    }
}

/// The intersection of what the specification allows (128, no "/") and what its conformance suite does (64, "/").
func isValidName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count) && name.utf8.allSatisfy { byte in isAlphanumeric(byte) || byte == 0x5F || byte == 0x2D || byte == 0x2E }
}

/// An ASCII letter or digit.
func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
}
