import HTTPService
import HTTPTypes
import Listeners
import Testing

/// A client that takes the server for its proxy sends the whole URL in the request line (RFC 9112 section 3.2.2).
@Suite struct `A request line with a whole URL` {
    private static let target = Route(.get, .post, path: "/mcp") { request in
        .text("\(request.path) \(request.query ?? "-") \(request.origin)")
    }

    private static func ask(_ lines: String) async throws -> Dialog.Answer {
        try await RunningService.with([target, .echo("/")]) { service in
            try await Dialog.with(service.listener) { dialog in
                try await dialog.send(lines + "Content-Length: 0\r\n\r\n")
                return try await dialog.answer()
            }
        }
    }

    @Test(arguments: ["http://mcp-server:8000/mcp", "HTTP://mcp-server/mcp", "https://127.0.0.1:1/mcp", "http://[::1]:8000/mcp"])
    func `is served as its path`(target: String) async throws {
        let answer = try await Self.ask("POST \(target) HTTP/1.1\r\nHost: mcp-server:8000\r\n")
        #expect(answer.status == 200 && answer.body == "/mcp - absent")
    }

    @Test func `keeps its query, and has the path / where it names none`() async throws {
        #expect(try await Self.ask("GET http://a/mcp?session_id=1 HTTP/1.1\r\nHost: a\r\n").body == "/mcp session_id=1 absent")
        #expect(try await Self.ask("GET http://a HTTP/1.1\r\nHost: a\r\n").status == 200)
        #expect(try await Self.ask("GET http://a?x=1 HTTP/1.1\r\nHost: a\r\n").status == 200)
    }

    @Test func `says which host is asked for, whatever Host says`() async throws {
        let foreign = try await Self.ask("GET http://evil.example/mcp HTTP/1.1\r\nHost: localhost\r\n")
        #expect(foreign.status == 421 && foreign.body.contains("--allow-host evil.example"))
        #expect(try await Self.ask("GET http://localhost/mcp HTTP/1.1\r\nHost: evil.example\r\n").status == 200)
        // An Origin is compared with the host that counts.
        let page = try await Self.ask("GET http://a:8000/mcp HTTP/1.1\r\nHost: b\r\nOrigin: http://a:8000\r\n")
        #expect(page.body == "/mcp - sameAsHost")
    }

    @Test(arguments: [
        "GET http://localhost/mcp HTTP/1.1\r\n", "GET http://localhost/mcp HTTP/1.1\r\nHost: a\r\nHost: b\r\n",
        "GET http:///mcp HTTP/1.1\r\nHost: a\r\n", "GET http://user@localhost/mcp HTTP/1.1\r\nHost: localhost\r\n",
        "GET http://local_host:99999/mcp HTTP/1.1\r\nHost: localhost\r\n",
    ])
    func `is refused without one Host, or with an authority that is none`(lines: String) async throws {
        #expect(try await Self.ask(lines).status == 400)
    }
}
