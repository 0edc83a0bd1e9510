import JSON
import Testing
import Transcripts

@Suite("Transcript line reader")
struct TranscriptLineReaderTests {
    private let reader = TranscriptLineReader()

    private func read(_ text: String) throws -> JSONValue? { try reader.read(text.utf8) }

    @Test(arguments: [
        "{}", #"{"a":[1,-2,0,9223372036854775807,-9223372036854775808],"b":{"c":null,"d":true,"e":false}}"#,
        #"{"n":[1.5,-0.25,1e10,2E-3,1.0,123456789.123]}"#, #"{"big":18446744073709551615}"#,
        #"{"s":"\"\\\/\b\f\n\r\t\u00e9\ud83c\udfbb\u0000 plain ä 🎻","":""}"#, #" { "a" : [ ] , "a" : [ [ ] , { } ] } "#,
    ])
    func `both ways of reading say the same`(text: String) throws {
        let strict = try JSONReader(maximumDepth: 512, loneSurrogates: .replace, refusesDuplicateKeys: false).read(text)
        #expect(try read(text) == strict)
    }

    @Test(arguments: ["", "  ", "\r", "\t \r"])
    func `a line of white space holds nothing`(text: String) throws {
        #expect(try read(text) == nil)
    }

    @Test(arguments: [
        (#"{"s":"bad \ud83d surrogate"}"#, JSONValue.string("bad \u{FFFD} surrogate")),
        (#"{"s":1e400}"#, .number("1e400")),
        (#"{"s":123456789012345678901234567890}"#, .number("123456789012345678901234567890")),
    ])
    func `what simdjson refuses the strict reader may accept`(text: String, value: JSONValue) throws {
        #expect(try read(text)?["s"] == value)
    }

    @Test func `a byte order mark is stepped over`() throws {
        #expect(try reader.read([0xEF, 0xBB, 0xBF] + Array("{}".utf8)) == .object(JSONObject()))
    }

    @Test func `nesting is read up to the limit`() throws {
        func nested(_ depth: Int) -> String {
            "{\"a\":" + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1) + "}"
        }
        #expect(try read(nested(512)) != nil)
        #expect(throws: LineRefusal.tooDeep(limit: 512)) { try read(nested(513)) }
        #expect(throws: LineRefusal.tooDeep(limit: 512)) { try read(nested(100_000)) }
    }

    @Test(arguments: [
        (#"{"a":"cut off in the mid"#, "cut-off"), (#"{"a":1"#, "cut-off"), (#"{"a":}"#, "invalid-json"), ("nonsense", "invalid-json"),
        (#"{"a":1} {"b":2}"#, "invalid-json"), ("{\"a\":\"\u{1}\"}", "invalid-json"), ("\0\0\0", "invalid-json"),
        (#"["just","an","array"]"#, "not-an-object"), (#""text""#, "not-an-object"), ("12", "not-an-object"), ("null", "not-an-object"),
    ])
    func `a line that cannot be read says why`(text: String, name: String) {
        let error = #expect(throws: LineRefusal.self) { try read(text) }
        #expect(error?.name == name)
    }

    @Test func `a line that is not UTF-8 is refused`() {
        let error = #expect(throws: LineRefusal.self) { try reader.read(Array("{\"a\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)) }
        #expect(error?.name == "invalid-utf8")
    }

    @Test func `a refusal shows nothing of the line`() {
        let error = #expect(throws: LineRefusal.self) { try read(#"{"password":"hunter22""#) }
        #expect(error?.description.contains("hunter") == false)
    }

    @Test func `a line too long for the tape is read the slower way`() throws {
        let text = String(repeating: "x", count: 9 << 20)
        #expect(try read("{\"s\":\"\(text)\"}")?["s"]?.string?.utf8.count == text.utf8.count)
        #expect(try read(#"{"s":"short"}"#)?["s"]?.string == "short")
    }
}
