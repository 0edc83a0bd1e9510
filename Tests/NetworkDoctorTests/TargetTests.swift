import NetworkDoctor
import Testing

@Suite("The URL that the doctor looks into")
struct TargetTests {
    @Test(
        "Reads host, port and path as clients do",
        arguments: [
            ("http://localhost:8000/mcp", "localhost", 8000, "/mcp", "localhost:8000"),
            ("mcp-server:8000", "mcp-server", 8000, "/", "mcp-server:8000"),
            ("https://Memory.Example/mcp?x=1#there", "memory.example", 443, "/mcp?x=1", "memory.example"),
            ("http://[FD77::1]:8000/sse", "fd77::1", 8000, "/sse", "[fd77::1]:8000"),
            ("http://10.77.0.1", "10.77.0.1", 80, "/", "10.77.0.1"),
        ] as [(String, String, UInt16, String, String)])
    func reads(text: String, host: String, port: UInt16, path: String, authority: String) throws {
        let target = try Target(text)
        #expect(target.host == host)
        #expect(target.port == port)
        #expect(target.path == path)
        #expect(target.authority == authority)
    }

    @Test(
        "Says what is wrong with a text that is no URL",
        arguments: [
            "", "http://", "ftp://host/", "http://::1:8000/", "http://host:0/", "http://host:99999/", "http://[zz]/", "http://user:pw@host/",
            "http://a b/",
        ])
    func refuses(text: String) {
        #expect(throws: TargetError.self) { try Target(text) }
    }

    @Test("Quotes no password")
    func secret() {
        do {
            _ = try Target("http://user:hunter2@host/")
        } catch {
            #expect(!error.description.contains("hunter2"))
        }
    }
}
