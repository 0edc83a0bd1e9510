/// One content block of a message, as it is stored.
package struct Block: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case text
        case thinking
        case redactedThinking = "redacted_thinking"
        case toolUse = "tool_use"
        case toolResult = "tool_result"
        case image
        case document
        /// A block of a kind that this version does not know: its type is the name, its JSON the text.
        case unknown
    }

    package var kind: Kind
    /// The text; of a tool use its input as compact JSON, of an image or document a placeholder with type and size.
    package var text: String
    /// The length of the whole text in UTF-8 bytes; more than `text` holds where the reader asked for a part.
    package var length: Int
    /// The id that links a tool use with its result; unique within a conversation alone.
    package var toolUseID: String?
    /// The tool of a tool use; the type of an unknown block.
    package var name: String?
    package var isError: Bool

    package init(kind: Kind, text: String, length: Int? = nil, toolUseID: String? = nil, name: String? = nil, isError: Bool = false) {
        self.kind = kind
        self.text = text
        self.length = length ?? text.utf8.count
        self.toolUseID = toolUseID
        self.name = name
        self.isError = isError
    }
}
