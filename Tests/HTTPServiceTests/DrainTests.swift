import HTTPService
import HTTPTypes
import HummingbirdCore
import Listeners
import NIOCore
import Testing

@Suite struct `Drain of the HTTP service` {
    @Test func `answers whoever was connected when the order to stop came, accepted or not`() async throws {
        for _ in 0..<20 {
            try await RunningService.with([.echo("/")]) { service in
                try await Dialog.with(service.listener) { dialog in
                    async let stopped: Void = service.stop()
                    let answer = try await dialog.get("/")
                    #expect(answer.status == 200)
                    await stopped
                }
            }
        }
    }

    @Test func `lets a request in flight end and closes its connection, and idle ones at once`() async throws {
        let entered = Signal()
        let leave = Signal()
        let route = Route(.get, path: "/slow") { _ in
            entered.raise()
            await leave.wait()
            return .text("done")
        }
        try await RunningService.with([route, .echo("/")]) { service in
            try await Dialog.with(service.listener) { idle in
                #expect(try await idle.get("/").status == 200)
                try await Dialog.with(service.listener) { busy in
                    try await busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
                    await entered.wait()
                    await service.stop()
                    await service.drain.wait()
                    #expect(try await idle.rest() == "")
                    let refused = await HealthProbe(path: "/").ask(service.listener.dialled)
                    #expect(refused == .refused(code: 111))
                    leave.raise()
                    let answer = try await busy.answer()
                    #expect(answer.body == "done" && answer.header("Connection") == "close")
                    #expect(try await busy.rest() == "")
                }
            }
        }
    }

    @Test func `tells a stream, which ends with its last word`() async throws {
        let route = Route(.get, path: "/stream", answersHead: false) { request in
            Response(
                status: .ok, headers: [.contentType: "text/event-stream"],
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: ": hello\n\n"))
                    await request.drain.wait()
                    try await writer.write(ByteBuffer(string: ": bye\n\n"))
                    try await writer.finish(nil)
                })
        }
        try await RunningService.with([route]) { service in
            try await Dialog.with(service.listener) { dialog in
                try await dialog.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await dialog.text(through: ": hello\n\n")
                await service.stop()
                _ = try await dialog.text(through: ": bye\n\n")
                #expect(try await dialog.rest() == "\r\n0\r\n\r\n")
            }
        }
    }

    @Test func `cuts off what does not end in time`() async throws {
        let entered = Signal()
        let route = Route(.get, path: "/stuck") { request in
            entered.raise()
            // Only the cut connection ends it.
            await request.departure.wait()
            return .text("never read")
        }
        try await RunningService.with([route], configure: { $0.limits.drainTimeout = .milliseconds(40) }) { service in
            try await Dialog.with(service.listener) { dialog in
                try await dialog.send("GET /stuck HTTP/1.1\r\nHost: a\r\n\r\n")
                await entered.wait()
                await service.stop()
                #expect(try await dialog.rest() == "")
            }
        }
    }
}

@Suite struct `A client that leaves` {
    @Test func `is told to the stream that it left`() async throws {
        let left = Signal()
        let route = Route(.get, path: "/stream", answersHead: false) { request in
            Response(
                status: .ok, headers: [.contentType: "text/event-stream"],
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: ": hello\n\n"))
                    await request.departure.wait()
                    left.raise()
                    try await writer.finish(nil)
                })
        }
        try await RunningService.with([route]) { service in
            try await Dialog.with(service.listener) { dialog in
                try await dialog.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await dialog.text(through: ": hello\n\n")
                #expect(!left.isRaised)
            }
            await left.wait()
        }
    }

    @Test func `can still stream twice on one connection while it stays`() async throws {
        let route = Route(.post, path: "/stream") { request in
            _ = try await request.collectBytes()
            return Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await request.departure.observe({}) {
                        try await writer.write(ByteBuffer(string: "event"))
                        try await writer.finish(nil)
                    }
                })
        }
        try await RunningService.with([route]) { service in
            try await Dialog.with(service.listener) { dialog in
                for _ in 0..<2 {
                    try await dialog.send("POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
                    #expect(try await dialog.text(through: "0\r\n\r\n").hasSuffix("5\r\nevent\r\n0\r\n\r\n"))
                }
            }
        }
    }
}

@Suite struct `Signals` {
    @Test func `calls an observer once, before or after`() async {
        let signal = Signal()
        let (stream, continuation) = AsyncStream<Int>.makeStream()
        await signal.observe({ continuation.yield(1) }) {
            signal.raise()
            signal.raise()
        }
        await signal.observe({ continuation.yield(2) }) {}
        continuation.finish()
        var seen: [Int] = []
        for await number in stream { seen.append(number) }
        #expect(seen == [1, 2] && signal.isRaised)
    }

    @Test func `does not call an observer whose operation has ended`() async {
        let signal = Signal()
        let other = Signal()
        await signal.observe({ other.raise() }) {}
        signal.raise()
        #expect(!other.isRaised)
    }

    @Test func `stops waiting where the task is cancelled`() async {
        let signal = Signal()
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await signal.wait() }
            tasks.cancelAll()
        }
        #expect(!signal.isRaised)
    }
}
