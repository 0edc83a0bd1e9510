import JSON
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
    @Test(arguments: [
        "null", "true", "[]", "{}", "[1,-2,3.5,\"x\"]", #"{"a":{"b":[{},[],null]},"c":""}"#, "1e400", "123456789012345678901234567890",
        #""\"\\\n\r\t\b\f\u0001\u001f""#, "\"Grüße 🎻 \u{7F}\u{2028}\"", "9223372036854775807", "0.1",
    ])
    func `compact text comes back as it was`(text: String) throws {
        #expect(JSONWriter.string(of: try JSONReader().read(text)) == text)
    }

    @Test(arguments: [0.1, 1.0, -0.0, 1e21, 2.2250738585072014e-308, 1.7976931348623157e308, 123_456_789.123_456_79])
    func `a number reads back the same`(number: Double) throws {
        #expect(try JSONReader().read(JSONWriter.string(of: .double(number))).double == number)
    }

    @Test func `what JSON cannot say becomes null`() {
        #expect(JSONWriter.string(of: [.double(.infinity), .double(.nan)]) == "[null,null]")
    }

    @Test func `every control character is escaped, so that a value stays on one line`() throws {
        let text = String(String.UnicodeScalarView((0..<0x20).compactMap { Unicode.Scalar($0) }))
        let bytes = JSONWriter.bytes(of: .string(text))
        #expect(bytes.allSatisfy { $0 >= 0x20 })
        #expect(try JSONReader().read(bytes).string == text)
    }

    @Test func `commas are put between members and elements`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("a")
        writer.beginArray()
        writer.write(1)
        writer.beginObject()
        writer.endObject()
        writer.write(true)
        writer.endArray()
        writer.key("b")
        writer.writeNull()
        writer.key("c")
        writer.write(json: Array("[2]".utf8))
        writer.key("d")
        writer.write("x")
        writer.endObject()
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"{"a":[1,{},true],"b":null,"c":[2],"d":"x"}"#)
    }
}
