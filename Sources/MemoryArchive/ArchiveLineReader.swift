import JSON
import MemoryModel
import MemoryStore
import Redaction

/// Reads rows from lines, and sees to it that a row names only sources before it and that sections keep their order.
struct ArchiveLineReader {
    private let redactor: Redactor
    // What was redacted may nest as deep as the redactor goes; a line wraps it twice. A transcript's keys may stand twice.
    private let reader = JSONReader(maximumDepth: Redactor.maximumDepth + 4, refusesDuplicateKeys: false)
    private var rank = 0
    private var sources = 0
    /// Behind the last record of the last source: records come by their offsets.
    private var nextOffset: Int64 = 0

    init(redactor: Redactor) {
        self.redactor = redactor
    }

    mutating func row(_ line: [UInt8]) throws(ArchiveFlaw) -> ArchiveRow {
        let value: JSONValue
        do throws(JSONError) { value = try reader.read(line) } catch { throw .notJSON(error) }
        guard let object = value.object, object.count == 1, let content = object.members[0].value.object else { throw .noRow }
        guard let section = ArchiveSection(rawValue: object.members[0].key) else { throw .unknownSection }
        guard section.rank >= rank else { throw .order }
        rank = section.rank
        return try row(section, ArchiveFields(object: content, redactor: redactor))
    }

    private mutating func row(_ section: ArchiveSection, _ fields: ArchiveFields) throws(ArchiveFlaw) -> ArchiveRow {
        switch section {
        case .era: return .era(name: try fields.text("name"), start: try fields.time("start"))
        case .conversation: return .conversation(try fields.text("id"))
        case .window:
            let key = WindowKey(
                conversation: try fields.text("conversation"), opener: try fields.text("opener"),
                opening: try fields.word("opening", ContextWindow.Opening.self), agentID: try fields.optionalText("agent_id"))
            return .window(key, project: try project(fields))
        case .source: return .source(try source(fields))
        case .record: return .record(try record(fields))
        case .message: return .message(try message(fields))
        case .node: return .node(try node(fields))
        case .occurrence:
            return .occurrence(
                ArchivedOccurrence(
                    message: try fields.text("message"), window: try window(fields), position: try fields.count("position"),
                    place: try place(fields)))
        case .title:
            guard let kind = TitleKind(archiveName: try fields.text("kind").value) else {
                throw .wrong("kind", "one of \(TitleKind.allCases.map(\.archiveName).joined(separator: ", "))")
            }
            return .title(
                ArchivedTitle(
                    kind: kind, text: try fields.text("text"), conversation: try fields.optionalText("conversation"),
                    leaf: try fields.optionalText("leaf")))
        case .compaction: return .compaction(id: try fields.text("id"), window: try window(fields))
        case .spawn:
            return .spawn(
                conversation: try fields.text("conversation"), opener: try fields.text("opener"), toolUseID: try fields.text("tool_use_id"))
        case .reply:
            let usage = TokenUsage(
                input: try fields.number("input"), output: try fields.number("output"), cacheCreation: try fields.number("cache_creation"),
                cacheRead: try fields.number("cache_read"))
            return .reply(id: try fields.text("id"), conversation: try fields.text("conversation"), usage)
        case .extent:
            return .extent(
                ArchivedExtent(
                    window: try window(fields), first: try fields.optionalTime("first"),
                    last: try fields.optionalTime("last"), lastPosition: try fields.count("last_position")))
        }
    }

    private mutating func source(_ fields: ArchiveFields) throws(ArchiveFlaw) -> ArchivedSource {
        sources += 1
        nextOffset = 0
        guard try fields.smallCount("number") == sources else { throw .sourceNumber(expected: sources) }
        guard let state = try fields.optionalJSON("reader") else { throw .missing("reader") }
        return ArchivedSource(
            number: sources, key: SourceKey(spool: try fields.optionalText("spool") ?? .empty, path: try fields.text("path")),
            generation: try fields.smallCount("generation"), identity: try fields.text("identity"), headHash: try fields.text("head"),
            headLength: try fields.smallCount("head_length"), offset: try fields.count("offset"), line: try fields.count("line"),
            size: try fields.count("size"), readTime: try fields.optionalTime("read_time"),
            readerState: state, origin: try origin(fields), isPart: try fields.flag("part"))
    }

    private mutating func record(_ fields: ArchiveFields) throws(ArchiveFlaw) -> ArchivedRecord {
        let place = try place(fields)
        guard place.source == sources, place.offset >= nextOffset else { throw .order }
        nextOffset = place.offset + 1
        var hash: [UInt8]?
        if let text = fields.object["hash"] {
            guard let bytes = text.string.flatMap(Hexadecimal.bytes), bytes.count <= 64 else { throw .wrong("hash", "hexadecimal digits") }
            hash = bytes
        }
        return ArchivedRecord(
            place: place, length: try fields.count("length"), line: try fields.count("line"),
            outcome: try fields.word("outcome", RecordOutcome.self), reason: try fields.optionalText("reason"), hash: hash,
            raw: try fields.optionalJSON("raw"))
    }

    private func node(_ fields: ArchiveFields) throws(ArchiveFlaw) -> ArchivedNode {
        ArchivedNode(
            id: try fields.text("id"), place: try place(fields), parent: try fields.optionalText("parent"),
            ancestor: try fields.optionalText("ancestor"), waitsFor: try fields.optionalText("waits_for"))
    }

    private func message(_ fields: ArchiveFields) throws(ArchiveFlaw) -> ArchivedMessage {
        ArchivedMessage(
            node: try node(fields), window: try window(fields), position: try fields.count("position"),
            role: try fields.word("role", ParticipantRole.self), name: try fields.optionalText("name"),
            kind: try fields.word("kind", MessageKind.self), project: try project(fields), branch: try fields.optionalText("branch"),
            time: try fields.time("time"), model: try fields.optionalText("model"),
            isOwnEcho: try fields.flag("own_echo"), origin: try origin(fields), blocks: try blocks(fields))
    }

    /// The blocks pass the redactor together: a secret may be split over several of them.
    private func blocks(_ fields: ArchiveFields) throws(ArchiveFlaw) -> [NewBlock] {
        guard let elements = try fields.optionalJSON("blocks")?.array, elements.count <= 4096 else { throw .wrong("blocks", "a list") }
        var result: [NewBlock] = []
        for element in elements {
            guard let kind = element["kind"]?.string.flatMap({ Block.Kind(rawValue: $0.value) }), let text = element["text"]?.string else {
                throw .wrong("blocks", "a list of objects with a kind and a text")
            }
            result.append(
                NewBlock(
                    kind: kind, text: text, toolUseID: element["tool_use_id"]?.string, name: element["name"]?.string,
                    isError: element["is_error"]?.bool ?? false))
        }
        return result
    }

    private func place(_ fields: ArchiveFields) throws(ArchiveFlaw) -> ArchivedPlace {
        let number = try fields.smallCount("source")
        guard (1...max(1, sources)).contains(number), sources > 0 else { throw .unknownSource(number) }
        return ArchivedPlace(source: number, offset: try fields.count("offset"))
    }

    private func window(_ fields: ArchiveFields) throws(ArchiveFlaw) -> WindowName {
        WindowName(conversation: try fields.text("conversation"), opener: try fields.text("opener"))
    }

    private func project(_ fields: ArchiveFields) throws(ArchiveFlaw) -> ArchivedProject? {
        guard let path = try fields.optionalText("project") else { return nil }
        return ArchivedProject(path: path, repository: try fields.optionalText("repository"))
    }

    private func origin(_ fields: ArchiveFields) throws(ArchiveFlaw) -> CaptureOrigin? {
        guard let user = try fields.optionalText("user") else { return nil }
        return CaptureOrigin(user: user, machine: try fields.text("machine"), agent: try fields.text("agent"))
    }
}
