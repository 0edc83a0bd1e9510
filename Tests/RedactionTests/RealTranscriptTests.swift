import FoundationEssentials
import JSON
import Redaction
import Testing

/// What a redactor takes out of transcripts that people's agents wrote, which hold no secret of anybody: every find counts as a false
/// positive, whatever it looks like.
@Suite("Real transcripts", .enabled(if: RealTranscripts.folder != nil, "no real transcripts: MAGENTA_SHARED names their folder"))
struct RealTranscriptTests {
    @Test func `of a thousand strings one is changed at most, and of a thousand words`() throws {
        let folder = try #require(RealTranscripts.folder)
        let redactor = try Redactor(key: [UInt8](repeating: 7, count: 32))
        var tally = Tally()
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() where path.hasSuffix(".jsonl") {
            let data = try #require(FileManager.default.contents(atPath: "\(folder)/\(path)"))
            for line in [UInt8](data).split(separator: UInt8(ascii: "\n")) {
                guard let record = try? JSONReader(loneSurrogates: .replace, refusesDuplicateKeys: false).read(Array(line)) else { continue }
                tally.lines += 1
                var counts = RedactionCounts()
                _ = try redactor.redact(["record": record, "token": .string("at ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8.")], counting: &counts)
                if counts[.github] == 1 { tally.changedByControl += 1 }
                tally.add(record, try redactor.redact(record, counting: &tally.counts).value)
            }
        }
        let strings = Double(tally.changed) / Double(tally.strings)
        let words = Double(tally.counts.total) / Double(tally.words)
        print(
            "counted: \(tally.lines) records, \(tally.strings) strings of 6 bytes or more, \(tally.words) words: \(tally.changed) strings changed "
                + "(\(strings * 100)%), \(tally.counts.total) places (\(words * 100)% of the words)")
        for (shape, count) in tally.counts.byShape.sorted(by: { $0.value > $1.value }) { print("counted: \(count) \(shape)") }
        for sample in tally.samples.sorted() { print("redacted: \(sample)") }
        #expect(tally.lines > 1000, "the control: there is something to count")
        #expect(tally.changedByControl == tally.lines, "the control: a token in a record is found")
        #expect(strings <= 0.001)
        #expect(words <= 0.001)
    }

    private struct Tally {
        var lines = 0
        var strings = 0
        var words = 0
        var changed = 0
        var changedByControl = 0
        var counts = RedactionCounts()
        var samples: Set<String> = []

        mutating func add(_ before: JSONValue, _ after: JSONValue) {
            switch (before, after) {
            case (.string(let before), .string(let after)): add(before, after)
            case (.array(let before), .array(let after)): for (before, after) in zip(before, after) { add(before, after) }
            case (.object(let before), .object(let after)):
                for (before, after) in zip(before.members, after.members) {
                    add(before.key, after.key)
                    add(before.value, after.value)
                }
            default: break
            }
        }

        private mutating func add(_ before: String, _ after: String) {
            // A shorter one is never redacted, and would only flatter the figure.
            guard before.utf8.count >= Redactor.minimumValueLength else { return }
            strings += 1
            words += before.utf8.split { $0 <= 0x20 }.count
            guard before != after else { return }
            changed += 1
            // What stood before the place, and what was there: enough to judge it by.
            guard let place = after.firstRange(of: "[redacted:"), samples.count < 400 else { return }
            let start = after.utf8.distance(from: after.startIndex, to: place.lowerBound)
            let bytes = Array(before.utf8)
            let context = String(decoding: bytes[max(0, start - 40)..<min(bytes.count, start + 50)], as: UTF8.self)
            let kind = after[place.upperBound...].prefix { $0 != ":" }
            samples.insert("\(kind): \(context.debugDescription)")
        }
    }
}

enum RealTranscripts {
    static let folder: String? = {
        let named = ProcessInfo.processInfo.environment["MAGENTA_SHARED"]
        let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let folder = "\(named ?? "/\(package)/../shared")/data/transcripts"
        return FileManager.default.fileExists(atPath: folder) ? folder : nil
    }()
}
