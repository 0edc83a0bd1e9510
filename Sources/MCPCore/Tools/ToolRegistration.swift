import JSON

/// A tool that was found good, with what its schemas come to.
struct RegisteredTool: Sendable {
    let tool: Tool
    let arguments: JSONSchema
    let output: JSONSchema?
    /// What clients of 2026-07-28 repeat in headers.
    let headers: [HeaderParameter]
    /// Legacy clients see a schema, and values, wrapped in an object.
    let wrapsStructuredContent: Bool

    init(_ tool: Tool) throws(RegistrationError) {
        guard isValidName(tool.name) else { throw .invalidName(tool.name) }
        guard tool.description.contains(where: { !$0.isWhitespace }) else { throw .emptyDescription(tool.name) }
        guard tool.inputSchema["type"]?.string == "object" else { throw .inputSchemaNotObject(tool: tool.name) }
        arguments = try RegisteredTool.compiled(tool.inputSchema, of: tool.name, "input")
        if let schema = tool.outputSchema {
            guard schema.object != nil || schema.bool != nil else {
                throw .invalidSchema(tool: tool.name, reason: "an output schema is an object or a boolean")
            }
            output = try RegisteredTool.compiled(schema, of: tool.name, "output")
            wrapsStructuredContent = !OutputSchemaProjection.isObjectSchema(schema)
        } else {
            output = nil
            wrapsStructuredContent = false
        }
        do { headers = try HeaderParameter.all(in: tool.inputSchema) } catch {
            throw .invalidHeader(tool: tool.name, reason: error.reason)
        }
        self.tool = tool
    }

    private static func compiled(_ schema: JSONValue, of tool: String, _ use: String) throws(RegistrationError) -> JSONSchema {
        do throws(JSONSchemaError) {
            return try JSONSchema(schema)
        } catch {
            throw .invalidSchema(tool: tool, reason: "\(use) schema: \(error)")
        }
    }
}
