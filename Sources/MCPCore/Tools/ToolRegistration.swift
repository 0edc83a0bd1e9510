import JSON

/// A tool that was found good, with what its schemas come to.
struct RegisteredTool: Sendable {
    let tool: Tool
    let arguments: ArgumentSchema
    let output: ArgumentSchema?
    /// What clients of 2026-07-28 repeat in headers.
    let headers: [HeaderParameter]
    /// Legacy clients see a schema, and values, wrapped in an object.
    let wrapsStructuredContent: Bool

    static let maximumSchemaDepth = 32

    init(_ tool: Tool) throws(RegistrationError) {
        guard isValidName(tool.name) else { throw .invalidName(tool.name) }
        guard tool.description.contains(where: { !$0.isWhitespace }) else { throw .emptyDescription(tool.name) }
        guard tool.inputSchema["type"]?.string == "object" else { throw .inputSchemaNotObject(tool: tool.name) }
        let limit = RegisteredTool.maximumSchemaDepth
        guard let arguments = ArgumentSchema(tool.inputSchema, depth: limit) else {
            throw .invalidSchema(tool: tool.name, reason: "it is nested deeper than \(limit) levels")
        }
        if let schema = tool.outputSchema {
            guard schema.object != nil || schema.bool != nil else {
                throw .invalidSchema(tool: tool.name, reason: "an output schema is an object or a boolean")
            }
            guard let output = ArgumentSchema(schema, depth: limit) else {
                throw .invalidSchema(tool: tool.name, reason: "it is nested deeper than \(limit) levels")
            }
            self.output = output
            wrapsStructuredContent = !OutputSchemaProjection.isObjectSchema(schema)
        } else {
            output = nil
            wrapsStructuredContent = false
        }
        do { headers = try HeaderParameter.all(in: tool.inputSchema) } catch {
            throw .invalidHeader(tool: tool.name, reason: error.reason)
        }
        self.tool = tool
        self.arguments = arguments
    }
}
