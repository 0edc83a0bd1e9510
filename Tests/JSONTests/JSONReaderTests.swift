import JSON
import Testing

@Suite("JSON reader")
struct JSONReaderTests {
    private let reader = JSONReader()

    static let values: [(String, JSONValue)] = [
        ("null", JSONValue.null), ("true", true), (" false\n", false), ("0", 0), ("-0", 0), ("42", 42),
        ("-9223372036854775808", .integer(.min)),
        ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number("9223372036854775808")), ("1.5", 1.5), ("1e3", 1000.0),
        ("-2.5E-1", -0.25), ("1e400", .number("1e400")), ("\"\"", ""), ("\"a\"", "a"), ("[]", []), ("{}", [:]),
        ("[1,[2,{}]]", [1, [2, [:]]]),
        (#"{"a":1,"b":{"c":[null]}}"#, ["a": 1, "b": ["c": [nil]]]),
        ("\t[ 1 ,\r\n 2 ] ", [1, 2]),
    ]

    @Test(arguments: values)
    func `a value is read as what it is`(text: String, value: JSONValue) throws {
        #expect(try reader.read(text) == value)
    }

    @Test(arguments: [
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u20AC""#, "é€"), (#""\ud83c\udfbb""#, "🎻"), (#""\u0000""#, "\0"),
        (#""a\u0062c""#, "abc"), ("\"Grüße 🎻\"", "Grüße 🎻"), (#""ä\n🎻\u0041""#, "ä\n🎻A"),
    ])
    func `escapes become what they stand for`(text: String, value: String) throws {
        #expect(try reader.read(text).string == value)
    }

    static let refusals: [(String, JSONError.Reason, Int)] = [
        ("", JSONError.Reason.empty, 0), ("  ", .empty, 2), ("[1", .unexpectedEnd, 2), ("{\"a\"", .unexpectedEnd, 4),
        ("\"abc", .unexpectedEnd, 4),
        ("tru", .unexpectedEnd, 3), ("[1,]", .unexpectedByte(0x5D), 3), ("{\"a\" 1}", .unexpectedByte(0x31), 5),
        ("{1:2}", .unexpectedByte(0x31), 1),
        ("[1 2]", .unexpectedByte(0x32), 3), ("{,}", .unexpectedByte(0x2C), 1), ("nul!", .unexpectedByte(0x21), 3),
        ("'a'", .unexpectedByte(0x27), 0),
        ("1 2", .textAfterValue, 2), ("{}x", .textAfterValue, 2), ("\"a\nb\"", .controlCharacterInString, 2),
        ("\"a\\n\u{1}\"", .controlCharacterInString, 4),
        (#""\x""#, .invalidEscape, 2), (#""\u12g4""#, .invalidEscape, 5), (#""\u12"#, .unexpectedEnd, 5), ("01", .invalidNumber, 0),
        ("-", .invalidNumber, 0),
        ("1.", .invalidNumber, 0), (".5", .unexpectedByte(0x2E), 0), ("1e", .invalidNumber, 0), ("+1", .unexpectedByte(0x2B), 0),
        ("NaN", .unexpectedByte(0x4E), 0),
        (#""\ud83d""#, .loneSurrogate, 1), (#""\udfbb""#, .loneSurrogate, 1), (#""\ud83dx""#, .loneSurrogate, 1),
        (#""\ud83d\u0041""#, .loneSurrogate, 1),
    ]

    @Test(arguments: refusals)
    func `a text that is no JSON is refused with reason and place`(text: String, reason: JSONError.Reason, offset: Int) {
        let error = #expect(throws: JSONError.self) { try reader.read(text) }
        #expect(error?.reason == reason)
        #expect(error?.offset == offset)
    }

    @Test(arguments: [[0xC3, 0x28], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func `bytes that are not UTF-8 are refused`(bytes: [UInt8]) {
        for text in [[0x22] + bytes + [0x22], [0x22, 0x5C, 0x6E] + bytes + [0x22]] {
            let error = #expect(throws: JSONError.self) { try reader.read(text) }
            #expect(error?.reason == .invalidUTF8)
        }
    }

    @Test func `lone surrogates may be replaced`() throws {
        let lenient = JSONReader(loneSurrogates: .replace)
        #expect(try lenient.read(#""a\ud83db""#).string == "a\u{FFFD}b")
        #expect(try lenient.read(#""\ud83d\u0041""#).string == "\u{FFFD}A")
        #expect(try lenient.read(#""\ud83d\ud83c\udfbb""#).string == "\u{FFFD}🎻")
        #expect(try lenient.read(#""\udfbb""#).string == "\u{FFFD}")
    }

    @Test func `depth is bounded`() throws {
        let reader = JSONReader(maximumDepth: 3)
        #expect(try reader.read("[[[1]]]") == [[[1]]])
        #expect(try reader.read("[[1],[2],{\"a\":[3]}]") == [[1], [2], ["a": [3]]])
        let error = #expect(throws: JSONError.self) { try reader.read("[[[[]]]]") }
        #expect(error?.reason == .tooDeep(limit: 3))
        #expect(throws: JSONError.self) { try JSONReader().read(String(repeating: "[", count: 1_000_000)) }
    }

    @Test func `a key that stands twice is refused, or the last one counts`() throws {
        let text = #"{"a":1,"b":2,"a":3}"#
        let error = #expect(throws: JSONError.self) { try reader.read(text) }
        #expect(error?.reason == .duplicateKey("a"))
        #expect(error?.offset == 13)
        #expect(try JSONReader(refusesDuplicateKeys: false).read(text)["a"] == 3)
        let many = "{" + (0..<100).map { "\"k\($0)\":1" }.joined(separator: ",")
        #expect(try reader.read(many + "}").object?.count == 100)
        #expect(throws: JSONError.self) { try reader.read(many + ",\"k50\":2}") }
        #expect(throws: JSONError.self) { try reader.read(many + ",\"k99\":2}") }
    }

    @Test func `an error shows nothing of the text`() {
        for text in [#"{"hunter22":1,"hunter22":2}"#, #"["hunter22"#, #"["hunter22" x]"#] {
            let error = #expect(throws: JSONError.self) { try reader.read(text) }
            #expect(error?.description.contains("hunter") == false)
        }
    }

    @Test func `any cut of a text is refused and none crashes`() throws {
        let text = Array(#"{"a":[1.5e3,true,null,"x\u00e9\ud83c\udfbb\n"],"b":{"c":-1}}"#.utf8)
        _ = try reader.read(text)
        for end in 0..<text.count {
            #expect(throws: JSONError.self) { try reader.read(Array(text[..<end])) }
        }
    }

    @Test func `keys that only Unicode calls equal are different keys`() throws {
        let text = #"{"\u00e9":1,"e\u0301":2}"#
        let value = try JSONReader().read(Array(text.utf8))
        #expect(value["\u{e9}"] == 1)
        #expect(value["e\u{301}"] == 2)
        #expect(value["\u{e9}x"] == nil)
    }
}
