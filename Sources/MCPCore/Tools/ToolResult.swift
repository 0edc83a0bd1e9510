public import JSON

/// What a tool gives back.
public struct ToolResult: Sendable, Hashable {
    /// What the model is shown.
    public var content: [Content]
    /// The same for programs (2025-06-18). Any JSON value; what is no object reaches legacy clients as `{"result": value}`.
    public var structuredContent: JSONValue?
    /// Whether the tool failed; the content then says why.
    public var isError: Bool
    /// Anything else.
    public var metadata: JSONObject?

    /// A result with its parts.
    public init(content: [Content] = [], structuredContent: JSONValue? = nil, isError: Bool = false, metadata: JSONObject? = nil) {
        self.content = content
        self.structuredContent = structuredContent
        self.isError = isError
        self.metadata = metadata
    }

    /// One block of text.
    public static func text(_ text: String) -> ToolResult { ToolResult(content: [.text(text)]) }

    /// A failure that the model gets to read.
    public static func failure(_ text: String) -> ToolResult { ToolResult(content: [.text(text)], isError: true) }

    func json(for revision: Revision, wrapsStructuredContent: Bool) -> JSONObject {
        var object = JSONObject()
        // Clients that do not read structuredContent must find the same in the text.
        if content.isEmpty, let structuredContent {
            object["content"] = [Content.text(structuredContent.description).json(for: revision)]
        } else {
            object["content"] = .array(content.map { $0.json(for: revision) })
        }
        if let structuredContent, revision >= .v2025_06_18 {
            let wraps = revision.isLegacy && (wrapsStructuredContent || structuredContent.object == nil)
            object["structuredContent"] = wraps ? ["result": structuredContent] : structuredContent
        }
        if isError { object["isError"] = true }
        if let metadata { object["_meta"] = .object(metadata) }
        return object
    }
}

/// Thrown by a tool whose arguments make no sense to it.
///
/// Up to 2025-06-18 the client gets error -32602, from 2025-11-25 on a result with `isError`, so that the model can correct itself.
public struct InvalidArguments: Error, Sendable, Hashable {
    /// One sentence that names the argument and what it should have been.
    public var message: String

    /// - Parameter message: one sentence that names the argument and what it should have been.
    public init(_ message: String) { self.message = message }
}

/// Thrown by a tool that failed in a way that the model should read. The text of every other error stays inside.
public struct ToolFailure: Error, Sendable, Hashable {
    /// What was attempted, why it failed, and what helps.
    public var message: String

    /// - Parameter message: what was attempted, why it failed, and what helps.
    public init(_ message: String) { self.message = message }
}
