import JSON
import Redaction
import Testing

@Suite("Redactor")
struct RedactorTests {
    static let key = [UInt8](0..<32)

    private func redactor(_ values: [String] = []) throws -> Redactor {
        try Redactor(key: Self.key, exactValues: values)
    }

    @Test func `text without a secret stays as it is`() throws {
        let text = "A task-runner asked for skim, ghosts, eyJ and -----BEGIN nothing. Grüße 🎻"
        #expect(try redactor(["hunter22"]).redact(text).value == text)
    }

    @Test func `an exact value is replaced wherever it stands`() throws {
        let result = try redactor(["hunter22"]).redact("a hunter22, xhunter22x and hunter22").value
        #expect(!result.contains("hunter22"))
        #expect(result.components(of: "[redacted:exact:") == 3)
        #expect(result.hasPrefix("a [redacted:exact:"))
    }

    @Test func `a placeholder is the head of HMAC-SHA256 under the key`() throws {
        // echo -n hunter22 | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102...1f
        #expect(try redactor(["hunter22"]).redact("hunter22").value == "[redacted:exact:\(Self.digestOfHunter22)]")
    }
    static let digestOfHunter22 = "5e513aff"

    @Test func `the same secret has the same placeholder, another secret or key another`() throws {
        let redactor = try redactor(["hunter22", "hunter33"])
        let first = redactor.redact("hunter22").value
        #expect(redactor.redact("x hunter22").value == "x " + first)
        #expect(redactor.redact("hunter33").value != first)
        let other = try Redactor(key: Self.key.reversed(), exactValues: ["hunter22"])
        #expect(other.redact("hunter22").value != first)
    }

    @Test(arguments: [
        ("p@ss\"word\\1", #"{"k":"p@ss\"word\\1"}"#),
        ("p@ss\"word\\1", #"{\"k\":\"p@ss\\\"word\\\\1\"}"#),
        ("p@ss\"word\\1", #"\"{\\\"k\\\":\\\"p@ss\\\\\\\"word\\\\\\\\1\\\"}\""#),
        ("line one\nline two", #"line one\nline two"#),
        ("tab\there and /slash", #"tab\there and \/slash"#),
        ("pässwörd", #"p\u00e4ssw\u00F6rd"#),
        ("a<b>&c12345", #"a\u003cb\u003e\u0026c12345"#),
        ("violin🎻case", #"violin\ud83c\udfbbcase"#),
        ("\"quoted", #"x\"quoted"#),
    ])
    func `an exact value is found with the escapes that JSON gives it`(value: String, text: String) throws {
        let redactor = try redactor([value])
        let plain = redactor.redact(value).value
        let result = redactor.redact(text).value
        #expect(result.contains(plain), "\(result)")
    }

    @Test func `the longest of several values wins`() throws {
        let redactor = try redactor(["secret", "secret-and-more"])
        let long = redactor.redact("secret-and-more").value
        #expect(redactor.redact("<secret-and-more>").value == "<\(long)>")
        #expect(redactor.redact("secret-and").value == redactor.redact("secret").value + "-and")
    }

    @Test func `no tail of an overlapping value is left`() throws {
        let result = try redactor(["abcdef12", "ef12ghij"]).redact("-abcdef12ghij-").value
        #expect(result.hasPrefix("-[redacted:exact:"))
        #expect(result.hasSuffix("]-"))
        #expect(result.utf8.count == 2 + "[redacted:exact:xxxxxxxx]".utf8.count)
    }

    @Test func `redacting twice changes nothing`() throws {
        let redactor = try redactor(["hunter22", "redacted", "[redact", "exact:"])
        let text =
            "hunter22AKIAIOSFODNN7EXAMPLE ASIAIOSFODNN7EXAMPLEhunter22 redacted [redact ghp_\(String(repeating: "a1", count: 18))hunter22"
        let once = redactor.redact(text).value
        #expect(redactor.redact(once).value == once)
        #expect(!once.contains("AKIAIOSF"))
        #expect(!once.contains("ASIAIOSF"))
    }

    @Test func `counts tell the shapes`() throws {
        var counts = RedactionCounts()
        _ = try redactor(["hunter22"]).redact("hunter22 AKIAIOSFODNN7EXAMPLE hunter22", counting: &counts)
        #expect(counts[.exact] == 2)
        #expect(counts[.awsAccessKey] == 1)
        #expect(counts.total == 3)
    }

    @Test func `every string and every key of a JSON value passes`() throws {
        let value: JSONValue = ["hunter22": ["a", ["x hunter22": "hunter22", "n": 12, "t": true]], "z": nil]
        let result = try redactor(["hunter22"]).redact(value)
        #expect(!result.text.value.contains("hunter22"))
        #expect(result.text.value.components(of: "[redacted:exact:") == 3)
        #expect(result.value["z"] == .null)
    }

    @Test func `a secret of digits is found in a number`() throws {
        let result = try redactor(["4915551234"]).redact(["phone": 4_915_551_234, "other": 4_915_551_235])
        #expect(result["phone"]?.string?.value.hasPrefix("[redacted:exact:") == true)
        #expect(result["other"]?.integer == 4_915_551_235)
    }

    @Test func `a value nested too deep is an error`() throws {
        var value: JSONValue = "x"
        for _ in 0...Redactor.maximumDepth { value = .array([value]) }
        #expect(throws: RedactionError.tooDeep(limit: Redactor.maximumDepth)) { try redactor().redact(value) }
    }

    @Test func `a value that would blot out ordinary text is refused by its number`() {
        #expect(throws: RedactionError.valueTooShort(index: 1, minimum: 6)) { try redactor(["hunter22", "abc"]) }
        #expect(throws: RedactionError.valueTooShort(index: 0, minimum: 6)) { try redactor(["        "]) }
        #expect(!RedactionError.valueTooShort(index: 1, minimum: 6).description.contains("abc"))
    }

    @Test func `a key of another length is refused`() {
        #expect(throws: RedactionError.keyLength(3)) { try Redactor(key: [1, 2, 3]) }
    }
}

extension String {
    /// How often `part` occurs.
    func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: part) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
