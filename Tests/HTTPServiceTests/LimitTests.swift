import HTTPService
import HTTPTypes
import HummingbirdCore
import Listeners
import NIOCore
import Testing

@Suite struct `Limits of the HTTP service` {
    @Test func `refuse a body that says it is too long, and the answer arrives`() async throws {
        try await RunningService.with([.echo("/")], configure: { $0.limits.bodyBytes = 100_000 }) { service in
            try await Dialog.with(service.listener) { dialog in
                try await dialog.send(
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 150000\r\n\r\n" + String(repeating: "x", count: 150_000))
                let answer = try await dialog.answer()
                #expect(answer.status == 413 && answer.header("Connection") == "close")
                #expect(answer.body == "test: the body is larger than 100000 bytes, which is the limit. Fix: send less in one request\n")
                #expect(try await dialog.rest() == "")
            }
        }
    }

    @Test func `refuse a chunked body where it grows too long`() async throws {
        try await RunningService.with([.echo("/")], configure: { $0.limits.bodyBytes = 1000 }) { service in
            try await Dialog.with(service.listener) { dialog in
                try await dialog.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                let chunk = "1f4\r\n" + String(repeating: "x", count: 500) + "\r\n"
                try await dialog.send(chunk + chunk + chunk)
                let answer = try await dialog.answer()
                #expect(answer.status == 413 && answer.header("Connection") == "close")
                #expect(try await dialog.rest() == "")
            }
        }
    }

    @Test func `take a chunked body and the next request`() async throws {
        try await RunningService.with([.echo("/")]) { service in
            try await Dialog.with(service.listener) { dialog in
                try await dialog.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
                #expect(try await dialog.answer().body == "POST anonymous abcde")
                #expect(try await dialog.get("/").status == 200)
            }
        }
    }

    @Test func `refuse an endless chunked body on a path that does not exist and close`() async throws {
        try await RunningService.with([.echo("/")], configure: { $0.limits.bodyBytes = 1000 }) { service in
            try await Dialog.with(service.listener) { dialog in
                try await dialog.send("POST /no HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
                let answer = try await dialog.answer()
                #expect(answer.status == 404 && answer.header("Connection") == "close")
                #expect(try await dialog.rest() == "")
            }
        }
    }

    @Test func `say to go on where the client asks before it sends`() async throws {
        try await RunningService.with([.echo("/")]) { service in
            try await Dialog.with(service.listener) { dialog in
                try await dialog.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
                #expect(try await dialog.answer().status == 100)
                try await dialog.send("ok")
                #expect(try await dialog.answer().body == "POST anonymous ok")
            }
        }
    }

    @Test func `refuse a long URL`() async throws {
        try await RunningService.with([.echo("/")], configure: { $0.limits.urlBytes = 100 }) { service in
            let answer = try await Dialog.with(service.listener) { try await $0.get("/" + String(repeating: "x", count: 100)) }
            #expect(answer.status == 414)
        }
    }

    @Test func `refuse a head that is too large or has too many fields`() async throws {
        try await RunningService.with(
            [.echo("/")],
            configure: {
                $0.limits.headerBytes = 4000; $0.limits.headerCount = 20
            }
        ) { service in
            let large = try await Dialog.with(service.listener) {
                try await $0.get("/", headers: "X: \(String(repeating: "x", count: 5000))\r\n")
            }
            #expect(large.status == 431 && large.header("Connection") == "close")
            #expect(large.body == "test: the request head is larger than 4000 bytes or 20 fields. Fix: send a smaller one\n")
            let many = try await Dialog.with(service.listener) { try await $0.get("/", headers: (0..<30).map { "X\($0): y\r\n" }.joined()) }
            #expect(many.status == 431)
        }
    }

    @Test func `refuse requests beyond those in flight and say when to come again`() async throws {
        let entered = Signal()
        let leave = Signal()
        let route = Route(.get, path: "/slow") { _ in
            entered.raise()
            await leave.wait()
            return .text("done")
        }
        try await RunningService.with([route, .echo("/")], configure: { $0.limits.requestsInFlight = 1 }) { service in
            try await Dialog.with(service.listener) { slow in
                try await slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
                await entered.wait()
                let answer = try await Dialog.with(service.listener) { try await $0.get("/") }
                #expect(answer.status == 503 && answer.header("Retry-After") == "1")
                leave.raise()
                #expect(try await slow.answer().body == "done")
            }
            let again = try await Dialog.with(service.listener) { try await $0.get("/") }
            #expect(again.status == 200)
        }
    }

    @Test func `answer a connection too many in words`() async throws {
        try await RunningService.with([.echo("/")], configure: { $0.limits.connections = 1 }) { service in
            try await Dialog.with(service.listener) { first in
                #expect(try await first.get("/").status == 200)
                try await Dialog.with(service.listener) { second in
                    let answer = try await second.get("/")
                    #expect(answer.status == 503 && answer.header("Connection") == "close")
                    #expect(try await second.rest() == "")
                }
                #expect(try await first.get("/").status == 200)
            }
        }
    }

    @Test func `end a head that does not come with words`() async throws {
        try await RunningService.with([.echo("/")], configure: { $0.limits.headTimeout = .milliseconds(40) }) { service in
            try await Dialog.with(service.listener) { dialog in
                try await dialog.send("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ")
                let answer = try await dialog.answer()
                #expect(answer.status == 408)
                #expect(try await dialog.rest() == "")
            }
        }
    }

    @Test func `end an idle connection, and one whose body does not come, without a word`() async throws {
        try await RunningService.with(
            [.echo("/")],
            configure: {
                $0.limits.idleTimeout = .milliseconds(40); $0.limits.bodyTimeout = .milliseconds(40)
            }
        ) { service in
            try await Dialog.with(service.listener) { dialog in
                let answer = try await dialog.get("/")
                #expect(answer.status == 200)
                #expect(try await dialog.rest() == "")
            }
            try await Dialog.with(service.listener) { dialog in
                try await dialog.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nx")
                let rest = try await dialog.rest()
                #expect(rest == "" || rest.hasPrefix("HTTP/1.1 400"))
            }
        }
    }
}
