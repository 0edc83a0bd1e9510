import HTTPTypes
import Testing

@testable import HTTPService

@Suite struct `Authorities` {
    @Test(
        arguments: [
            ("localhost", "localhost", nil), ("LOCALHOST:8000", "localhost", 8000), ("mcp-server.", "mcp-server", nil), ("a_b:1", "a_b", 1),
            ("127.0.0.1:8000", "127.0.0.1", 8000), ("[::1]:8000", "::1", 8000), ("[::1]", "::1", nil),
            ("[::ffff:127.0.0.1]", "127.0.0.1", nil),
            ("host:", "host", nil),
        ] as [(String, String, UInt16?)])
    func `is a name or an address with or without a port`(text: String, name: String, port: UInt16?) throws {
        let authority = try #require(Authority(text))
        #expect(authority.name == name && authority.port == port)
    }

    @Test(arguments: [
        "", ".", "..", "a..b", ".a", "a:b", "a:65536", "a:-1", "a:1:2", "::1", "[::1", "[::1]x", "[127.0.0.1]", "[::1%lo]", "user@host",
        "a b", "a/b",
        "a\"b", "\u{e9}", "a\nb", "host:80 ",
    ])
    func `is nothing else`(text: String) {
        #expect(Authority(text) == nil)
    }

    @Test func `is bounded`() {
        #expect(Authority(String(repeating: "a", count: 64)) == nil)
        #expect(Authority(String(repeating: "a.", count: 200)) == nil)
    }
}

@Suite struct `Host rule` {
    let rule = HostRule(allowed: ["memory.example.com", "Other.Example:9000"], ownNames: ["Build.Lan"])

    @Test(arguments: [
        "localhost", "LocalHost:8000", "x.localhost", "127.0.0.1:8000", "10.1.2.3", "[::1]:8000", "[fd77::1]", "mcp-server:8000",
        "mcp-server.",
        "host.docker.internal", "magenta.default.svc", "magenta.default.svc.cluster.local:8000", "build.lan", "memory.example.com.",
        "MEMORY.example.com:443", "other.example",
    ])
    func `passes what no foreign page can be`(value: String) {
        guard case .accepted = rule.verdict(value) else {
            Issue.record("\(rule.verdict(value))")
            return
        }
    }

    @Test(arguments: [
        ("evil.example", "evil.example"), ("localhost.evil.example:8000", "localhost.evil.example"),
        ("127.0.0.1.evil.example", "127.0.0.1.evil.example"),
        ("sub.memory.example.com", "sub.memory.example.com"), ("127.1", "127.1"), ("notinternal.example", "notinternal.example"),
        ("svc.cluster.local", "svc.cluster.local"),
    ])
    func `refuses what a foreign page can be`(value: String, name: String) {
        #expect(rule.verdict(value) == .foreign(name: name))
    }

    @Test func `says the fix in the refusal`() {
        let refusal = rule.verdict("Evil.Example:1").refusal(value: "Evil.Example:1")
        #expect(refusal == Refusal(.misdirectedRequest, "Host \"evil.example\" is not allowed. Fix: --allow-host evil.example", reason: .host))
    }

    @Test func `refuses a missing and a malformed one`() {
        #expect(rule.verdict(nil).refusal(value: nil)?.status == .badRequest)
        #expect(
            rule.verdict("a\"b\u{1b}[31m").refusal(value: "a\"b\u{1b}[31m")?.sentence
                == "Host \"a?b?[31m\" is not a host name. Fix: send the host and port of the URL in it")
    }
}

@Suite struct `Origin rule` {
    let rule = OriginRule(allowed: ["https://app.example", "http://two.example:8080/", "nonsense"])

    @Test(
        arguments: [
            (nil, "mcp-server:8000", .absent),
            ("http://mcp-server:8000", "mcp-server:8000", .sameAsHost),
            ("http://MCP-server:8000", "mcp-server.:8000", .sameAsHost),
            ("https://memory.example", "memory.example", .sameAsHost),
            ("http://memory.example:80", "memory.example", .sameAsHost),
            ("http://mcp-server:8001", "mcp-server:8000", .refused("http://mcp-server:8001")),
            ("http://localhost:3000", "mcp-server:8000", .loopback),
            ("http://127.0.0.1:6274", "localhost:8000", .loopback),
            ("http://[::1]:6274", "localhost:8000", .loopback),
            ("https://app.example", "localhost:8000", .allowed),
            ("https://app.example:443", "localhost:8000", .allowed),
            ("http://app.example", "localhost:8000", .refused("http://app.example")),
            ("null", "localhost:8000", .refused("null")),
            ("", "localhost:8000", .refused("")),
            ("file://localhost", "localhost:8000", .refused("file://localhost")),
            ("https://evil.example", "localhost:8000", .refused("https://evil.example")),
            ("https://localhost.evil.example", "localhost:8000", .refused("https://localhost.evil.example")),
            ("https://localhost@evil.example", "localhost:8000", .refused("https://localhost@evil.example")),
        ] as [(String?, String, OriginRule.Verdict)])
    func `compares with the host that was accepted`(origin: String?, host: String, expected: OriginRule.Verdict) throws {
        #expect(rule.verdict(origin, host: try #require(Authority(host))) == expected)
    }

    @Test func `names a fix that works`() {
        #expect(
            OriginRule.Verdict.refused("https://evil.example").refusal?.sentence
                == "Origin \"https://evil.example\" is not allowed. Fix: --allow-origin https://evil.example")
        #expect(
            OriginRule.Verdict.refused("null").refusal?.sentence
                == "Origin \"null\" is not allowed. Fix: open the page from this server or from localhost")
    }
}
