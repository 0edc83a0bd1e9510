import JSON
import MemoryModel
import Redaction
import Transcripts

/// Hand-made lines and what is made of them.
enum Fixture {
    static func redactor() throws -> Redactor {
        try Redactor(key: [UInt8](repeating: 9, count: 32))
    }

    static let marker = "⟦from memory⟧"
    static let echoes = OwnEchoes(toolNames: ["search_messages", "bootstrap_memory"], marker: marker)

    static func json(_ line: String) throws -> RedactedJSON {
        try redactor().redact(JSONReader(refusesDuplicateKeys: false).read(line))
    }

    static func record(_ line: String, tools: ToolUseMemory = ToolUseMemory()) throws -> TranscriptRecord {
        ClaudeCodeInterpreter(echoes: echoes).record(try json(line), tools: tools)
    }

    static func reader(_ path: String = "/root/-home-ana/11111111-2222-4333-8444-555555555555.jsonl") throws -> ClaudeCodeReader? {
        try TranscriptLocation(path: path, under: "/root").map {
            ClaudeCodeReader(location: $0, echoes: echoes, redactor: try redactor(), time: Timestamp(milliseconds: 5))
        }
    }

    /// Feeds lines to a reader, one megabyte apart.
    static func entries(_ lines: [String], _ reader: inout ClaudeCodeReader) throws -> [TranscriptEntry] {
        try lines.enumerated().map { reader.next(try json($0.element), at: Int64($0.offset) << 20) }
    }

    static func user(_ id: String, _ text: String, parent: String? = nil, _ more: String = "") -> String {
        let content = JSONWriter.string(of: .string(text))
        let parent = parent.map { "\"\($0)\"" } ?? "null"
        return #"{"type":"user","uuid":"\#(id)","parentUuid":\#(parent)\#(more),"message":{"role":"user","content":\#(content)}}"#
    }

    static func boundary(_ id: String) -> String {
        #"""
        {"type":"system","subtype":"compact_boundary","uuid":"\#(id)","parentUuid":null,"content":"Conversation compacted",
        "compactMetadata":{"trigger":"auto","preTokens":9}}
        """#
    }

    static func summary(_ id: String) -> String {
        user(id, "This session is being continued from a previous conversation that ran out of context.", #","isCompactSummary":true"#)
    }

    private static func user(_ id: String, _ text: String, _ more: String) -> String { user(id, text, parent: nil, more) }
}
