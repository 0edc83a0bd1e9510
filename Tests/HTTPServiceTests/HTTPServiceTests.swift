import Access
import Diagnosis
import HTTPService
import HTTPTypes
import HummingbirdCore
import Listeners
import Logging
import NIOCore
import Testing

@Suite struct `HTTP service` {
    @Test func `answers on both families of one port`() async throws {
        try await RunningService.with([.echo("/")], listen: [.localhost(port: 0)]) { service in
            for listener in service.listeners {
                let answer = try await Dialog.with(listener) { try await $0.get("/") }
                #expect(answer.status == 200 && answer.body == "GET anonymous ")
                #expect(answer.header("Date") != nil && answer.header("X-Request-Id") != nil)
            }
            let report = await ReachReport.dial(service.listeners, probe: HealthProbe(path: "/"))
            #expect(report.status == (service.listeners.count == 2 ? .ok : .warning))
        }
    }

    @Test func `answers many requests on one connection`() async throws {
        try await RunningService.with([.echo("/")]) { service in
            try await Dialog.with(service.listener) { dialog in
                for number in 0..<20 {
                    try await dialog.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(String(number).utf8.count)\r\n\r\n\(number)")
                    #expect(try await dialog.answer().body == "POST anonymous \(number)")
                }
            }
        }
    }

    @Test func `answers pipelined requests in their order`() async throws {
        try await RunningService.with([.echo("/")]) { service in
            try await Dialog.with(service.listener) { dialog in
                try await dialog.send((0..<5).map { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n\($0)" }.joined())
                for number in 0..<5 { #expect(try await dialog.answer().body == "POST anonymous \(number)") }
            }
        }
    }

    @Test func `serves a request line in absolute form`() async throws {
        try await RunningService.with([.echo("/mcp")]) { service in
            let answer = try await Dialog.with(service.listener) { try await $0.get("http://mcp-server:8000/mcp", host: "mcp-server:8000") }
            #expect(answer.body == "GET anonymous ")
        }
    }

    @Test func `answers HEAD with the head of GET alone`() async throws {
        try await RunningService.with([.echo("/")]) { service in
            try await Dialog.with(service.listener) { dialog in
                let head = try await dialog.get("/", method: "HEAD")
                #expect(head.status == 200 && head.header("Content-Length") == "15")
                #expect(try await dialog.get("/").body == "GET anonymous ")
            }
        }
    }

    @Test func `serves a unix socket and removes its file at the end`() async throws {
        let path = "/tmp/http-service-\(UInt32.random(in: 0...0xFFFF_FFFF)).sock"
        try await RunningService.with([.echo("/")], listen: [.unix(path: path)]) { service in
            let again = try await Dialog.with(service.listener) { try await $0.get("/") }
            #expect(again.status == 200)
            #expect(await HealthProbe(path: "/").ask(.unix(path: path)) == .answered(status: 200, body: Array("GET anonymous ".utf8)))
        }
        let calls = SystemSocketCalls()
        #expect(calls.fileKind(path) == .nothing)
    }

    @Test func `serves a socket that it was handed and leaves it open at the end`() async throws {
        let parent = try #require(try ListenerBinding.bind(BindPlan([.literal(.loopback4, port: 0)])).listeners.first)
        try await RunningService.with([.echo("/")], listen: [.descriptor(parent.descriptor)]) { service in
            #expect(!service.listener.isOwned && service.listener.port == parent.port)
            let answer = try await Dialog.with(service.listener) { try await $0.get("/") }
            #expect(answer.status == 200)
        }
        let calls = SystemSocketCalls()
        #expect(calls.isListening(parent.descriptor))
        calls.close(parent.descriptor)
    }

    @Test func `hands a route what it may know of the client`() async throws {
        let route = Route(.get, path: "/who", isAnonymous: true) { request in
            .text("\(request.peer) \(request.family) \(request.principal.scopes.count) \(request.origin) \(request.queryValue("a") ?? "-")")
        }
        try await RunningService.with([route]) { service in
            let answer = try await Dialog.with(service.listener) {
                try await $0.get("/who?a=b%20c&d=e", headers: "Origin: http://localhost:1\r\n")
            }
            #expect(answer.body == "127.0.0.1 ipv4 3 loopback b c")
        }
    }
}

@Suite struct `Refusals of the HTTP service` {
    @Test(arguments: [
        (
            "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421,
            "test: Host \"evil.example\" is not allowed. Fix: --allow-host evil.example\n"
        ),
        ("GET / HTTP/1.1\r\n\r\n", 400, "test: the request has no Host header. Fix: send the host and port of the URL in it\n"),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "test: the request has two Host headers. Fix: send one\n"),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nOrigin: null\r\n\r\n", 403,
            "test: Origin \"null\" is not allowed. Fix: open the page from this server or from localhost\n"
        ),
        ("GET /no HTTP/1.1\r\nHost: a\r\n\r\n", 404, "test: there is nothing at \"/no\". Fix: check the path of the URL\n"),
        ("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 405, "test: PUT is not served on \"/\". Fix: use GET, HEAD, POST\n"),
        (
            "\u{16}\u{3}\u{1}nonsense\r\n\r\n", 400,
            "test: this is not HTTP/1.1. Fix: check that the client speaks plain HTTP to this port, and not TLS\n"
        ),
    ])
    func `are one sentence with the fix`(request: String, status: Int, body: String) async throws {
        try await RunningService.with([.echo("/")]) { service in
            let answer = try await Dialog.with(service.listener) { dialog in
                try await dialog.send(request)
                return try await dialog.answer()
            }
            #expect(answer.status == status && answer.body == body)
            if status == 405 { #expect(answer.header("Allow") == "GET, HEAD, POST") }
        }
    }

    @Test func `come in the order host, size, token, route`() async throws {
        let token = try BearerToken("0123456789abcdef0123456789abcdef")
        try await RunningService.with(
            [.echo("/")],
            configure: {
                $0.authenticator = token; $0.limits.bodyBytes = 10
            }
        ) { service in
            let good = "Authorization: bearer 0123456789abcdef0123456789abcdef\r\n"
            let requests = [
                ("Host: evil.example\r\nContent-Length: 99\r\n\r\n", 421), ("Host: a\r\nContent-Length: 99\r\n\r\n", 413),
                ("Host: a\r\nContent-Length: 1\r\n\r\nx", 401), ("Host: a\r\n\(good)Content-Length: 1\r\n\r\nx", 404),
            ]
            for (request, expected) in requests {
                let answer = try await Dialog.with(service.listener) { dialog in
                    try await dialog.send("POST /no HTTP/1.1\r\n" + request)
                    return try await dialog.answer()
                }
                #expect(answer.status == expected)
            }
        }
    }

    @Test func `ask for a token and name no authorization server`() async throws {
        let token = try BearerToken("0123456789abcdef0123456789abcdef")
        let routes: [Route] = [.echo("/"), .echo("/open", isAnonymous: true)]
        try await RunningService.with(routes, configure: { $0.authenticator = token }) { service in
            try await Dialog.with(service.listener) { dialog in
                let missing = try await dialog.get("/")
                #expect(missing.status == 401 && missing.header("WWW-Authenticate") == "Bearer")
                #expect(
                    missing.body
                        == "test: a bearer token is needed. Fix: configure the header \"Authorization: Bearer TOKEN\" with the server's token\n"
                )
                let wrong = try await dialog.get("/", headers: "Authorization: Bearer ${TOKEN}\r\n")
                #expect(wrong.status == 401)
                #expect(
                    wrong.header("WWW-Authenticate") == #"Bearer error="invalid_token", error_description="the token is not this server's""#)
                let empty = try await dialog.get("/", headers: "Authorization: Bearer\r\n")
                #expect(empty.status == 400 && empty.body.contains("no token stands behind \"Bearer\". Fix: configure the header"))
                #expect(try await dialog.get("/open").body == "GET anonymous ")
                #expect(try await dialog.get("/open", headers: "Authorization: Bearer wrong\r\n").body == "GET anonymous ")
                let good = "Authorization: Bearer 0123456789abcdef0123456789abcdef\r\n"
                #expect(try await dialog.get("/", headers: good).body == "GET token:default ")
                #expect(try await dialog.get("/open", headers: good).body == "GET token:default ")
            }
        }
    }

    @Test func `of the fallback come before 404`() async throws {
        let fallback = Route(.post, path: "/") { request in
            guard request.method == .post else { throw request.unknownPath() }
            throw Refusal(.badRequest, "the endpoint is /mcp")
        }
        try await RunningService.with([.echo("/")], fallback: fallback) { service in
            try await Dialog.with(service.listener) { dialog in
                let post = try await dialog.get("/x", method: "POST", headers: "Content-Length: 0\r\n")
                #expect(post.body == "test: the endpoint is /mcp\n")
                #expect(try await dialog.get("/x").status == 404)
            }
        }
    }

    @Test func `hide what went wrong inside and name the request`() async throws {
        struct Secret: Error {}
        try await RunningService.with([Route(.get, path: "/") { _ in throw Secret() }]) { service in
            let answer = try await Dialog.with(service.listener) { try await $0.get("/") }
            #expect(answer.status == 500 && !answer.body.contains("Secret"))
            let id = try #require(answer.header("X-Request-Id"))
            #expect(answer.body.contains(id))
        }
    }
}
