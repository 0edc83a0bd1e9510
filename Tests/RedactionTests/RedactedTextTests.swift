import JSON
import Redaction
import Testing

@Suite("RedactedText")
struct RedactedTextTests {
    @Test func `a prefix is cut between characters`() {
        let text: RedactedText = "aé🎻b"
        #expect(text.prefix(bytes: 0) == .empty)
        #expect(text.prefix(bytes: 1) == "a")
        #expect(text.prefix(bytes: 2) == "a")
        #expect(text.prefix(bytes: 3) == "aé")
        #expect(text.prefix(bytes: 6) == "aé")
        #expect(text.prefix(bytes: 7) == "aé🎻")
        #expect(text.prefix(bytes: 99) == text)
    }

    @Test func `what is dropped and what is kept make the whole`() {
        let text: RedactedText = "aé🎻b"
        for bytes in 0...9 {
            let rest = text.dropping(bytes: bytes)
            #expect(text.value.hasSuffix(rest.value))
            #expect(rest.length <= max(0, text.length - bytes))
        }
        #expect(text.dropping(bytes: 3) == "🎻b")
        #expect(text.dropping(bytes: 4) == "b")
    }

    @Test func `a part must begin and end between characters`() {
        let text: RedactedText = "aéb"
        #expect(text.part(1..<3) == "é")
        #expect(text.part(2..<3) == nil)
        #expect(text.part(0..<5) == nil)
    }

    @Test func `texts are joined and trimmed`() {
        #expect(["a", "b", "c"].joined(separator: ", ") as RedactedText == "a, b, c")
        #expect([RedactedText]().joined() == .empty)
        #expect(RedactedText(literal: " \n x y\t").trimmed == "x y")
        #expect(RedactedText(literal: " \n ").trimmed == .empty)
        #expect("n = " + RedactedText(number: -3) == "n = -3")
    }

    @Test func `a JSON value is read by the same accessors`() throws {
        let redactor = try Redactor(key: [UInt8](repeating: 1, count: 32))
        let value = try redactor.redact(["a": "x", "n": 3, "list": [true, nil], "d": 1.5])
        #expect(value["a"]?.string == "x")
        #expect(value["n"]?.integer == 3)
        #expect(value["d"]?.double == 1.5)
        #expect(value["list"]?.array?.first?.bool == true)
        #expect(value["list"]?.array?.last?.isNull == true)
        #expect(value.members?.map(\.key) == ["a", "n", "list", "d"])
        #expect(value["missing"] == nil)
        #expect(value.text == "{\"a\":\"x\",\"n\":3,\"list\":[true,null],\"d\":1.5}")
    }

    @Test func `a JSON value is built from redacted parts`() {
        let value = RedactedJSON(members: [("k", RedactedJSON([RedactedJSON("v"), RedactedJSON(1), RedactedJSON(true), .null]))])
        #expect(value.text == "{\"k\":[\"v\",1,true,null]}")
    }
}
