import JSON

/// Why a tool cannot be offered.
public enum ToolRegistrationError: Error, Sendable, Hashable, CustomStringConvertible {
    case invalidName(String)
    case duplicateName(String)
    case emptyDescription(tool: String)
    case inputSchemaNotObject(tool: String)
    case outputSchemaNotSchema(tool: String)
    case schemaTooDeep(tool: String, limit: Int)

    /// One sentence with the fix.
    public var description: String {
        switch self {
        case .invalidName(let name):
            "the tool name \"\(name)\" is not made of 1 to 64 letters, digits, \"_\", \"-\" and \".\", which every client accepts"
        case .duplicateName(let name): "two tools are called \"\(name)\""
        case .emptyDescription(let tool): "the tool \"\(tool)\" has no description, without which no model can choose it"
        case .inputSchemaNotObject(let tool):
            "the input schema of the tool \"\(tool)\" has no \"type\": \"object\" at its root, which every revision asks for"
        case .outputSchemaNotSchema(let tool): "the output schema of the tool \"\(tool)\" is neither an object nor a boolean"
        case .schemaTooDeep(let tool, let limit): "a schema of the tool \"\(tool)\" is nested deeper than \(limit) levels"
        }
    }
}

/// A tool that was found good, with what its schemas come to.
struct RegisteredTool: Sendable {
    let tool: Tool
    let arguments: ArgumentSchema
    let output: ArgumentSchema?
    /// Legacy clients see a schema, and values, wrapped in an object.
    let wrapsStructuredContent: Bool

    static let maximumSchemaDepth = 32

    init(_ tool: Tool) throws(ToolRegistrationError) {
        guard RegisteredTool.isValid(name: tool.name) else { throw .invalidName(tool.name) }
        guard tool.description.contains(where: { !$0.isWhitespace }) else { throw .emptyDescription(tool: tool.name) }
        guard tool.inputSchema["type"]?.string == "object" else { throw .inputSchemaNotObject(tool: tool.name) }
        let limit = RegisteredTool.maximumSchemaDepth
        guard let arguments = ArgumentSchema(tool.inputSchema, depth: limit) else { throw .schemaTooDeep(tool: tool.name, limit: limit) }
        if let schema = tool.outputSchema {
            guard schema.object != nil || schema.bool != nil else { throw .outputSchemaNotSchema(tool: tool.name) }
            guard let output = ArgumentSchema(schema, depth: limit) else { throw .schemaTooDeep(tool: tool.name, limit: limit) }
            self.output = output
            wrapsStructuredContent = !OutputSchemaProjection.isObjectSchema(schema)
        } else {
            output = nil
            wrapsStructuredContent = false
        }
        self.tool = tool
        self.arguments = arguments
    }

    /// The intersection of what the specification allows (128, no "/") and what its conformance suite does (64, "/").
    static func isValid(name: String) -> Bool {
        guard (1...64).contains(name.utf8.count) else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
            default: false
            }
        }
    }
}
