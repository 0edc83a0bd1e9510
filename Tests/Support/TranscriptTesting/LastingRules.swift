import JSON
import MemoryModel
import Redaction
import Transcripts

// What holds across restarts, repetitions and long sessions.
extension ReaderRule {
    /// In bytes as JSON. The largest part is what is known of the blocks of the last messages.
    private static let stateLimit = 64 << 10

    static let lasting: [ReaderRule] = [
        ReaderRule("the same records give the same entries") { run in
            try expect(try run.entries(), try run.entries(), "the second reading")
        },
        ReaderRule("a restart behind any record changes nothing") { run in
            let whole = try run.entries()
            for place in run.records.indices {
                var first = try run.reader()
                for index in 0..<place { _ = first.next(try run.redact(run.records[index]), at: Int64(index)) }
                var second = try run.reader(state: try run.stored(first.state))
                try expect(try run.stored(second.state), try run.stored(first.state), "the state behind record \(place)")
                for index in place..<run.records.count {
                    let entry = second.next(try run.redact(run.records[index]), at: Int64(index))
                    try expect(entry, whole[index], "record \(index) after a restart behind record \(place)")
                }
            }
        },
        ReaderRule("a state of another version is refused") { run in
            for state in [RedactedJSON.null, RedactedJSON(members: []), RedactedJSON(members: [("thread", RedactedJSON(1)), ("windows", .null)])] {
                let reader = run.fixture.format.reader(
                    TranscriptLocation(path: "/x", baseName: "x"), state: state, echoes: .none, redactor: run.redactor)
                try expect(reader == nil, true, "that \(state) is refused")
            }
        },
        ReaderRule("an id names one record") { run in
            var seen: Set<RedactedText> = []
            for id in try run.entries().compactMap(\.record.id) { try expect(seen.insert(id).inserted, true, "that \(id) is the only one") }
        },
        ReaderRule("time never goes back, and a record without one has that of the record before") { run in
            let times = try run.entries().map(\.time)
            for (before, after) in zip(times, times.dropFirst()) { try expect(before <= after, true, "the order of \(before) and \(after)") }
            let last = try require(run.records.last, "a record")
            let records = run.records + [last.without("timestamp", "time", "created", "startTime", "id", "uuid")]
            let entries = try run.entries(records)
            try expect(entries.last?.time, times.last, "the time of a record without one")
        },
        ReaderRule("the state stays small, however long the session") { run in
            var reader = try run.reader()
            for round in 0..<150 {
                for (index, record) in run.records.enumerated() {
                    _ = reader.next(try run.redact(record.renamed("-\(round)")), at: Int64(round * run.records.count + index))
                }
                guard round % 50 == 49 else { continue }
                try expect(reader.state.bytes.count < stateLimit, true, "that \(reader.state.bytes.count) bytes are few after \(round) rounds")
            }
        },
        ReaderRule("a text of megabytes comes back whole and stays out of the state") { run in
            let index = try require(
                try run.entries().firstIndex { entry in
                    entry.record.message.map { $0.kind == .prompt && $0.blocks.contains { $0.text.value.contains(run.fixture.needle) } } ?? false
                }, "the prompt")
            let long = String(repeating: "owl ", count: 1 << 20) + run.fixture.needle
            var records = run.records
            records[index] = records[index].replacing { $0.contains(run.fixture.needle) ? long : nil }
            var reader = try run.reader()
            let entries = try records.enumerated().map { reader.next(try run.redact($0.element), at: Int64($0.offset)) }
            try expect(entries[index].record.message?.blocks.contains { $0.text.value == long }, true, "the whole text")
            try expect(reader.state.bytes.count < stateLimit, true, "that the state is small")
        },
    ]
}

extension JSONValue {
    /// Without the members of these names, at any depth.
    func without(_ names: String...) -> JSONValue { without(Set(names)) }

    private func without(_ names: Set<String>) -> JSONValue {
        switch self {
        case .object(let object):
            .object(JSONObject(object.members.filter { !names.contains($0.key) }.map { .init(key: $0.key, value: $0.value.without(names)) }))
        case .array(let elements): .array(elements.map { $0.without(names) })
        default: self
        }
    }

    /// With another text for each string for which `change` has one.
    func replacing(_ change: (String) -> String?) -> JSONValue {
        switch self {
        case .object(let object): .object(JSONObject(object.members.map { .init(key: $0.key, value: $0.value.replacing(change)) }))
        case .array(let elements): .array(elements.map { $0.replacing(change) })
        case .string(let text): .string(change(text) ?? text)
        default: self
        }
    }

    /// With other ids, so that the same records are those of a longer session.
    func renamed(_ suffix: String) -> JSONValue {
        guard case .object(let object) = self else {
            if case .array(let elements) = self { return .array(elements.map { $0.renamed(suffix) }) }
            return self
        }
        let ids: Set<String> = ["id", "uuid", "parentUuid", "call_id", "callID", "tool_use_id", "messageID", "parentID"]
        return .object(
            JSONObject(
                object.members.map { member in
                    if ids.contains(member.key), let text = member.value.string { return .init(key: member.key, value: .string(text + suffix)) }
                    return .init(key: member.key, value: member.value.renamed(suffix))
                }))
    }
}
