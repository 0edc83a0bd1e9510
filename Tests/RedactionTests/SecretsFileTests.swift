import Redaction
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite("Secrets file")
struct SecretsFileTests {
    private func withFile<Result>(_ content: String, _ body: (String) throws -> Result) throws -> Result {
        var template = Array("/tmp/magenta-secrets-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        try #require(descriptor >= 0)
        let path = template.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { String(cString: $0) } ?? "" }
        defer { unlink(path) }
        let written = Array(content.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        try #require(written == content.utf8.count)
        return try body(path)
    }

    @Test func `a list of strings is read`() throws {
        let values = try withFile(#"["one two", "p\"w\\d", "zeile\n"]"#) { try SecretsFile(path: $0).values }
        #expect(values == ["one two", "p\"w\\d", "zeile\n"])
    }

    @Test(arguments: [#"{"a": "topsecret"}"#, #"["topsecret", 3]"#, #"["topsecret"#, "topsecret", ""])
    func `another content is an error that does not show it`(content: String) throws {
        try withFile(content) { path in
            let error = try #require(throws: RedactionError.self) { try SecretsFile(path: path) }
            #expect(error.description.contains(path))
            #expect(!error.description.contains("topsecret"))
        }
    }

    @Test func `a missing file is an error that names it`() throws {
        let error = try #require(throws: RedactionError.self) { try SecretsFile(path: "/nonexistent/secrets.json") }
        #expect(error.description.contains("/nonexistent/secrets.json"))
        #expect(error.description.contains("No such file"))
    }
}
