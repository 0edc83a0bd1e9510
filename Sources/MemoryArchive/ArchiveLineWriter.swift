import JSON
import MemoryModel
import MemoryStore
import Redaction

/// Writes a row as one line of JSON: an object with one member, whose name is the row's section.
///
/// The order of the fields is fixed, and a field without a value is left out.
struct ArchiveLineWriter {
    private var writer = JSONWriter()

    static func bytes(_ row: ArchiveRow) -> [UInt8] {
        var line = ArchiveLineWriter()
        line.write(row)
        return line.writer.bytes
    }

    private mutating func write(_ row: ArchiveRow) {
        switch row {
        case .era(let name, let start):
            section(.era) {
                $0.text("name", name)
                $0.number("start", start.milliseconds)
            }
        case .conversation(let id): section(.conversation) { $0.text("id", id) }
        case .window(let key, let project):
            section(.window) {
                $0.window(WindowName(conversation: key.conversation, opener: key.opener))
                $0.plain("opening", key.opening.rawValue)
                $0.text("agent_id", key.agentID)
                $0.project(project)
            }
        case .source(let source): section(.source) { $0.source(source) }
        case .record(let record): section(.record) { $0.record(record) }
        case .message(let message): section(.message) { $0.message(message) }
        case .node(let node): section(.node) { $0.node(node) }
        case .occurrence(let occurrence):
            section(.occurrence) {
                $0.text("message", occurrence.message)
                $0.window(occurrence.window)
                $0.number("position", occurrence.position)
                $0.place(occurrence.place)
            }
        case .title(let title):
            section(.title) {
                $0.plain("kind", title.kind.archiveName)
                $0.text("text", title.text)
                $0.text("conversation", title.conversation)
                $0.text("leaf", title.leaf)
            }
        case .compaction(let id, let window):
            section(.compaction) {
                $0.text("id", id)
                $0.window(window)
            }
        case .spawn(let conversation, let opener, let toolUseID):
            section(.spawn) {
                $0.window(WindowName(conversation: conversation, opener: opener))
                $0.text("tool_use_id", toolUseID)
            }
        case .reply(let id, let conversation, let usage):
            section(.reply) {
                $0.text("id", id)
                $0.text("conversation", conversation)
                $0.number("input", usage.input)
                $0.number("output", usage.output)
                $0.number("cache_creation", usage.cacheCreation)
                $0.number("cache_read", usage.cacheRead)
            }
        case .extent(let extent):
            section(.extent) {
                $0.window(extent.window)
                $0.number("first", extent.first?.milliseconds)
                $0.number("last", extent.last?.milliseconds)
                $0.number("last_position", extent.lastPosition)
            }
        }
    }

    private mutating func section(_ section: ArchiveSection, _ fields: (inout ArchiveLineWriter) -> Void) {
        writer.beginObject()
        writer.key(section.rawValue)
        writer.beginObject()
        fields(&self)
        writer.endObject()
        writer.endObject()
    }

    private mutating func source(_ source: ArchivedSource) {
        number("number", Int64(source.number))
        if !source.key.spool.isEmpty { text("spool", source.key.spool) }
        text("path", source.key.path)
        number("generation", Int64(source.generation))
        text("identity", source.identity)
        text("head", source.headHash)
        number("head_length", Int64(source.headLength))
        number("offset", source.offset)
        number("line", source.line)
        number("size", source.size)
        number("read_time", source.readTime?.milliseconds)
        origin(source.origin)
        if source.isPart { flag("part") }
        writer.key("reader")
        writer.write(source.readerState.value)
    }

    private mutating func record(_ record: ArchivedRecord) {
        place(record.place)
        number("length", record.length)
        number("line", record.line)
        plain("outcome", record.outcome.rawValue)
        text("reason", record.reason)
        if let hash = record.hash { plain("hash", Hexadecimal.text(hash)) }
        guard let raw = record.raw else { return }
        writer.key("raw")
        writer.write(raw.value)
    }

    private mutating func node(_ node: ArchivedNode) {
        text("id", node.id)
        place(node.place)
        text("parent", node.parent)
        text("ancestor", node.ancestor)
        text("waits_for", node.waitsFor)
    }

    private mutating func message(_ message: ArchivedMessage) {
        node(message.node)
        window(message.window)
        number("position", message.position)
        plain("role", message.role.rawValue)
        text("name", message.name)
        plain("kind", message.kind.rawValue)
        number("time", message.time.milliseconds)
        project(message.project)
        text("branch", message.branch)
        text("model", message.model)
        origin(message.origin)
        if message.isOwnEcho { flag("own_echo") }
        writer.key("blocks")
        writer.beginArray()
        for block in message.blocks {
            writer.beginObject()
            plain("kind", block.kind.rawValue)
            text("tool_use_id", block.toolUseID)
            text("name", block.name)
            if block.isError { flag("is_error") }
            text("text", block.text)
            writer.endObject()
        }
        writer.endArray()
    }

    private mutating func place(_ place: ArchivedPlace) {
        number("source", Int64(place.source))
        number("offset", place.offset)
    }

    private mutating func window(_ window: WindowName) {
        text("conversation", window.conversation)
        text("opener", window.opener)
    }

    private mutating func project(_ project: ArchivedProject?) {
        text("project", project?.path)
        text("repository", project?.repository)
    }

    private mutating func origin(_ origin: CaptureOrigin?) {
        text("user", origin?.user)
        text("machine", origin?.machine)
        text("agent", origin?.agent)
    }

    private mutating func text(_ name: String, _ text: RedactedText?) {
        if let text { plain(name, text.value) }
    }

    private mutating func plain(_ name: String, _ text: String) {
        writer.key(name)
        writer.write(text)
    }

    private mutating func number(_ name: String, _ number: Int64?) {
        guard let number else { return }
        writer.key(name)
        writer.write(number)
    }

    private mutating func flag(_ name: String) {
        writer.key(name)
        writer.write(true)
    }
}
