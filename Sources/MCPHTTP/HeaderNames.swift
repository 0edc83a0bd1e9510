import HTTPTypes

extension HTTPField.Name {
    static let mcpSessionID = name("Mcp-Session-Id")
    static let mcpProtocolVersion = name("MCP-Protocol-Version")
    static let mcpMethod = name("Mcp-Method")
    static let mcpName = name("Mcp-Name")
    static let lastEventID = name("Last-Event-ID")
    static let accelBuffering = name("X-Accel-Buffering")

    /// The names above are tokens, so this never falls back.
    private static func name(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .accept }
}

extension HTTPFields {
    /// A header's value without the white space around it; `nil` where it is absent.
    func trimmed(_ name: HTTPField.Name) -> String? {
        self[name].map { value in
            let trimmed = value.drop { $0 == " " || $0 == "\t" }
            return String(trimmed[..<(trimmed.lastIndex { $0 != " " && $0 != "\t" }.map(trimmed.index(after:)) ?? trimmed.startIndex)])
        }
    }
}
