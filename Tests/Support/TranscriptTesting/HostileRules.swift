import JSON
import MemoryModel
import Redaction
import Transcripts

// What comes from outside may be anything.
extension ReaderRule {
    static let hostile: [ReaderRule] = [
        ReaderRule("whatever stands in a member's place, a record is kept and the reader goes on") { run in
            let odd: [JSONValue?] = [
                nil, .null, .integer(-1), .integer(.min), .integer(.max), .double(1e300), .bool(true), .string(""), .array([.null, .integer(1)]), [:],
                ["x": [[:]]],
            ]
            for (index, record) in run.records.enumerated() {
                var before = try run.reader()
                for earlier in 0..<index { _ = before.next(try run.redact(run.records[earlier]), at: Int64(earlier)) }
                for path in record.paths {
                    for value in odd {
                        var reader = before
                        let entry = reader.next(try run.redact(record.setting(path, to: value)), at: Int64(index))
                        let restarted = try run.reader(state: try run.stored(reader.state))
                        try expect(
                            try run.stored(restarted.state), try run.stored(reader.state), "the state after \(path) became \(value ?? "nothing")")
                        try expect(entry.window.conversation.isEmpty, false, "an empty name of a conversation")
                        let time = entry.time.milliseconds.magnitude
                        try expect(time <= Timestamp.largestMilliseconds.magnitude, true, "a time that an archive takes")
                        if let message = entry.record.message { try expect(message.blocks.isEmpty, false, "a message without a block") }
                    }
                }
            }
        },
        ReaderRule("a record of a type that is not known is kept by that rule") { run in
            for record in [["type": "zz-new", "id": "z"], ["zz": 1], [:], ["type": 5], ["type": "zz-new", "payload": ["type": "zz"], "uuid": "z"]]
                as [JSONValue]
            {
                var reader = try run.reader()
                let entry = reader.next(try run.redact(record), at: 0)
                guard case .bookkeeping(let rule) = entry.record.content else {
                    throw BrokenRule(description: "\(record) became \(entry.record.content)")
                }
                try expect([.unknownType, .withoutMessage].contains(rule), true, "the rule \(rule) for \(record)")
            }
        },
        ReaderRule("no secret passes, wherever it stands") { run in
            let secret = "ghp_" + "0123456789abcdefghijABCDEFGHIJ456789"
            let skipped: Set<String> = ["type", "role", "id", "status"]
            let records = run.records.map { record in record.planting(" \(secret) ", skipping: skipped) }
            for entry in try run.entries(records) {
                try expect("\(entry)".contains(secret), false, "a secret in an entry")
            }
            var reader = try run.reader()
            for (index, record) in records.enumerated() { _ = reader.next(try run.redact(record), at: Int64(index)) }
            try expect("\(reader.state)".contains(secret), false, "a secret in the state")
        },
        ReaderRule("the first record tells whose the file is, and to no other format") { run in
            // Of documents, the file itself is asked.
            guard run.fixture.transcript.hasSuffix(".jsonl") else { return }
            for record in run.records.prefix(1) {
                let names = TranscriptReaders.formats.filter { $0.recognises(record) }.map(\.name)
                try expect(names, [run.fixture.format.name], "who knows the first record")
            }
        },
    ]
}

extension JSONValue {
    enum Step: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    /// The places of all members and elements, the outer ones first.
    var paths: [[Step]] {
        switch self {
        case .object(let object):
            object.members.flatMap { member in [[.key(member.key)]] + member.value.paths.map { [.key(member.key)] + $0 } }
        case .array(let elements):
            elements.indices.flatMap { index in [[.index(index)]] + elements[index].paths.map { [.index(index)] + $0 } }
        default: []
        }
    }

    /// With another value at a place, or none.
    func setting(_ path: [Step], to value: JSONValue?) -> JSONValue {
        guard let step = path.first else { return value ?? .null }
        let rest = Array(path.dropFirst())
        switch (self, step) {
        case (.object(var object), .key(let key)):
            object[key] = rest.isEmpty ? value : object[key]?.setting(rest, to: value)
            return .object(object)
        case (.array(var elements), .index(let index)):
            if rest.isEmpty, value == nil { elements.remove(at: index) } else { elements[index] = elements[index].setting(rest, to: value) }
            return .array(elements)
        default: return self
        }
    }

    /// With a text behind each string but those under the names in `skipped`.
    func planting(_ text: String, skipping skipped: Set<String>) -> JSONValue {
        switch self {
        case .object(let object):
            .object(
                JSONObject(
                    object.members.map {
                        .init(key: $0.key, value: skipped.contains($0.key) ? $0.value : $0.value.planting(text, skipping: skipped))
                    }))
        case .array(let elements): .array(elements.map { $0.planting(text, skipping: skipped) })
        case .string(let string): .string(string + text)
        default: self
        }
    }
}
