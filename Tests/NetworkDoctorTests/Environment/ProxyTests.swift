import Testing

@testable import NetworkDoctor

@Suite("Proxies")
struct ProxyTests {
    @Test func `Proxies come in the order in which Claude Code prefers them, and without their users`() {
        let environment = [
            "HTTP_PROXY": "http://user:p@ss/word@proxy.example:3128", "https_proxy": "socks5://proxy.example:1080", "ALL_PROXY": "u:p@all.example:1",
            "http_proxy": "", "PATH": "/bin",
        ]
        #expect(
            ProxyVariables.proxies(in: environment) == [
                .init(variable: "https_proxy", address: "socks5://proxy.example:1080"),
                .init(variable: "HTTP_PROXY", address: "http://proxy.example:3128"),
                .init(variable: "ALL_PROXY", address: "all.example:1"),
            ])
    }

    @Test func `The exceptions in lower case count where both are set`() {
        #expect(ProxyVariables.exceptions(in: ["NO_PROXY": "a, b", "no_proxy": "c d"]) == ["c", "d"])
        #expect(ProxyVariables.exceptions(in: ["NO_PROXY": " a,,b ", "no_proxy": ""]) == ["a", "b"])
        #expect(ProxyVariables.exceptions(in: [:]) == [])
    }

    /// Each row was run with Claude Code 2.1.330 and a proxy that took notes.
    @Test(
        arguments: [
            ("ample.invalid", ["ample.invalid", "www.ample.invalid"]),
            (".ample.invalid", ["ample.invalid", "www.ample.invalid"]),
            ("*.ample.invalid", ["ample.invalid", "www.ample.invalid"]),
            ("*", ["ample.invalid", "www.ample.invalid", "notample.invalid", "127.0.0.1", "::1", "localhost"]),
            ("ample.invalid:8000", ["ample.invalid", "www.ample.invalid"]),
            ("ample.invalid:80", []),
            (":8000", []),
            ("AMPLE.INVALID", ["ample.invalid", "www.ample.invalid"]),
            ("127.0.0.0/8", ["127.0.0.1"]),
            ("127.0.0.1:8000", ["127.0.0.1"]),
            ("[::1]:8000", ["::1"]),
            ("[::1]", ["::1"]),
            ("::1", ["::1"]),
            ("localhost:8000", ["localhost"]),
        ])
    func `An exception covers what Claude Code sends directly`(item: String, direct: [String]) {
        let hosts = ["ample.invalid", "www.ample.invalid", "notample.invalid", "127.0.0.1", "::1", "localhost"]
        #expect(hosts.filter { ProxyExceptions([item]).cover(host: $0, port: 8000) } == direct)
    }

    @Test func `Blocks have the lengths of their family`() {
        #expect(ProxyExceptions(["0.0.0.0/0"]).cover(host: "192.0.2.1", port: 1))
        #expect(ProxyExceptions(["192.0.2.1/32"]).cover(host: "192.0.2.1", port: 1))
        #expect(!ProxyExceptions(["192.0.2.0/33"]).cover(host: "192.0.2.0", port: 1))
        #expect(!ProxyExceptions(["192.0.2.0/24"]).cover(host: "192.0.3.0", port: 1))
        #expect(!ProxyExceptions(["::/0"]).cover(host: "192.0.3.0", port: 1))
        #expect(ProxyExceptions(["::/0"]).cover(host: "fd00::1", port: 1))
        #expect(ProxyExceptions(["fd00::/8"]).cover(host: "fd77::1", port: 1))
        #expect(ProxyExceptions(["fd77::1/128"]).cover(host: "fd77::1", port: 1))
        #expect(!ProxyExceptions(["fd77::1/127"]).cover(host: "fd77::2", port: 1))
        #expect(!ProxyExceptions(["fd77::/-1", "fd77::/x", "/8"]).cover(host: "fd77::1", port: 1))
    }
}
