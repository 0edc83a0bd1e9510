package import JSON
import MemoryModel
import Redaction
package import Transcripts

/// One rule that every agent's reader keeps. ``all`` run against each fixture:
///
///     @Test(arguments: AgentFixture.all, ReaderRule.all)
///     func `readers keep every rule`(fixture: AgentFixture, rule: ReaderRule) throws { try rule.check(ReaderRun(fixture, records)) }
package struct ReaderRule: Sendable, CustomStringConvertible {
    package var name: String
    package var check: @Sendable (ReaderRun) throws -> Void

    init(_ name: String, _ check: @escaping @Sendable (ReaderRun) throws -> Void) {
        self.name = name
        self.check = check
    }

    package var description: String { name }

    package static let all = meaning + lasting + hostile
}

/// A rule that was broken: what was expected, and what came.
package struct BrokenRule: Error, CustomStringConvertible {
    package var description: String
}

func expect<T: Equatable>(_ value: T, _ expected: T, _ what: String, line: Int = #line, file: StaticString = #fileID) throws {
    guard value != expected else { return }
    throw BrokenRule(description: "\(what): expected \(expected), got \(value) (\(file):\(line))")
}

func require<T>(_ value: T?, _ what: String, line: Int = #line, file: StaticString = #fileID) throws -> T {
    guard let value else { throw BrokenRule(description: "\(what) is missing (\(file):\(line))") }
    return value
}

/// A fixture and its records, as whoever reads the source cuts them, and a way to read them.
package struct ReaderRun: Sendable {
    static let marker = "⟦from memory⟧"
    private static let tools: Set<String> = ["search_messages", "bootstrap_memory"]

    package let fixture: AgentFixture
    package let records: [JSONValue]
    let redactor: Redactor
    private let location: TranscriptLocation
    private let sideFile: RedactedJSON?

    /// - Parameters:
    ///   - location: of the transcript on disk.
    ///   - sideText: what the file beside the transcript holds.
    package init(_ fixture: AgentFixture, records: [JSONValue], location: TranscriptLocation, sideText: String?) throws {
        self.fixture = fixture
        self.records = records
        self.location = location
        redactor = try Redactor(key: [UInt8](repeating: 9, count: 32))
        sideFile = sideText.map { [redactor] in RedactedJSON(redactor.redact($0)) }
    }

    func reader(state: RedactedJSON? = nil) throws -> any TranscriptReader {
        let echoes = OwnEchoes(toolNames: Self.tools, marker: Self.marker)
        var reader = try require(
            fixture.format.reader(location, state: state, echoes: echoes, redactor: redactor), "a reader for \(fixture.name)")
        if state == nil, let sideFile { reader.begin(besides: sideFile) }
        return reader
    }

    func redact(_ record: JSONValue) throws -> RedactedJSON { try redactor.redact(record) }

    /// What one reader says of all records.
    func entries(_ records: [JSONValue]? = nil) throws -> [TranscriptEntry] {
        var reader = try reader()
        return try (records ?? self.records).enumerated().map { reader.next(try redact($0.element), at: Int64($0.offset)) }
    }

    /// The state as a store would give it back.
    func stored(_ state: RedactedJSON) throws -> RedactedJSON {
        RedactedJSON(readBackFromStore: try JSONReader(maximumDepth: 32).read(JSONWriter.bytes(of: state.value)))
    }
}
