import BinaryTesting
import JSON
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite("A server that is told to stop", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct StopTests {
    private static func start(_ arguments: [String], _ scratch: Scratch, _ store: String) async throws -> (ChildProcess, port: Int) {
        let process = try Magenta.start(["serve", "--listen", "localhost:0", "--store", store, "--no-watch"] + arguments, in: scratch)
        return (process, try await Magenta.ready(process))
    }

    @Test("Every kind of stream ends as HTTP says, and the process with exit code 0")
    func streams() async throws {
        try await withZoo { scratch, store in
            let (process, port) = try await Self.start([], scratch, store)
            let session = try #require(try await exchange(ClaudeCodeRecording.initialize("/mcp"), "127.0.0.1", port).head["mcp-session-id"])
            try await within(.seconds(30), "the streams to end") {
                let legacy = HTTPCall("GET", "/sse", headers: [("Accept", "text/event-stream")] + ClaudeCodeRecording.streamHeaders())
                try await EventStream.with("127.0.0.1", port, legacy) { sse in
                    #expect(try await sse.next()?.type == "endpoint")
                    #expect(sse.retry == 300)
                    try await EventStream.with("127.0.0.1", port, ClaudeCodeRecording.sessionStream("/mcp", session: session)) { own in
                        try await EventStream.with("127.0.0.1", port, ClaudeCodeRecording.listen("/mcp")) { listening in
                            _ = try #require(try await listening.next())
                            process.send(SIGTERM)
                            // A body that breaks off instead of ending would throw here.
                            while try await listening.next() != nil {}
                            #expect(try await own.next() == nil)
                            #expect(try await sse.next() == nil)
                        }
                    }
                }
            }
            #expect(try await process.exit(within: .seconds(20)) == .code(0))
        }
    }

    @Test("Health says that it drains on a connection that is still open, and new connections are refused")
    func readiness() async throws {
        try await withZoo { scratch, store in
            let (process, port) = try await Self.start([], scratch, store)
            let last = try await within(.seconds(30), "health to say that it drains") {
                try await HTTPConnection.with("127.0.0.1", port) { connection in
                    process.send(SIGTERM)
                    while true {
                        let answer = try await connection.exchange(HTTPCall("GET", "/health"))
                        if answer.status == 503 { return try answer.message() }
                    }
                }
            }
            #expect(last["status"]?.string == "draining")
            #expect(try await process.exit(within: .seconds(20)) == .code(0))
            await #expect(throws: (any Error).self) { try await exchange(HTTPCall("GET", "/health"), "127.0.0.1", port) }
        }
    }

    @Test("What is not answered by the drain timeout is cut off")
    func timeout() async throws {
        try await withZoo { scratch, store in
            let (process, port) = try await Self.start(["--drain-timeout", "1"], scratch, store)
            try await Self.stuck(port) { connection in
                let start = ContinuousClock.now
                process.send(SIGTERM)
                let status = try await process.exit(within: .seconds(20))
                #expect(status == .code(0))
                let taken = start.duration(to: .now)
                #expect(taken > .milliseconds(900) && taken < .seconds(5), "\(taken)")
                await #expect(throws: (any Error).self) { _ = try await connection.answer() }
            }
            #expect(process.errorText.contains("cutting off connections that did not end in time"))
        }
    }

    @Test("A second signal ends it at once", arguments: [SIGTERM, SIGINT])
    func secondSignal(signal: Int32) async throws {
        try await withZoo { scratch, store in
            let (process, port) = try await Self.start(["--drain-timeout", "3600"], scratch, store)
            try await Self.stuck(port) { _ in
                process.send(SIGTERM)
                _ = try await eventually(within: .seconds(20), "the stop to begin") { process.errorText.contains(" stopping ") ? true : nil }
                process.send(signal)
                let status = try await process.exit(within: .seconds(20))
                #expect(status == .code(128 + signal))
            }
            // What the store had is still there.
            _ = try await Magenta.run(["search", "zebra", "--store", store], in: scratch)
        }
    }

    @Test("The service manager hears that it is ready and that it stops", arguments: [false, true])
    func notification(isAbstract: Bool) async throws {
        #if os(Linux)
            try await withZoo { scratch, store in
                let name = isAbstract ? "@magenta-test-\(getpid())" : scratch.path("notify")
                let socket = try NotificationSocket(name)
                var environment = try Magenta.environment(in: scratch)
                environment["NOTIFY_SOCKET"] = name
                let binary = try #require(Components.magenta)
                let process = try ChildProcess(
                    [binary, "serve", "--listen", "localhost:0", "--store", store, "--no-watch"], environment: environment, in: scratch)
                let ready = try await eventually(within: .seconds(30), "READY=1") { socket.receive() }
                #expect(ready == "READY=1")
                // It is ready only once it listens.
                #expect(process.errorText.contains("listening"))
                process.send(SIGTERM)
                #expect(try await eventually(within: .seconds(30), "STOPPING=1") { socket.receive() } == "STOPPING=1")
                #expect(try await process.exit(within: .seconds(20)) == .code(0))
            }
        #endif
    }

    /// A request whose body never comes to its end.
    private static func stuck(_ port: Int, _ body: @escaping @Sendable (inout HTTPConnection) async throws -> Void) async throws {
        try await within(.seconds(60), "a server with a stuck request") {
            try await HTTPConnection.with("127.0.0.1", port) { connection in
                let headers = [("Content-Type", "application/json"), ("Accept", "application/json"), ("Content-Length", "10")]
                try await connection.send(HTTPCall("POST", "/mcp", headers: headers, body: [0x7B]))
                try await body(&connection)
            }
        }
    }
}

#if os(Linux)
    /// What systemd listens on (sd_notify(3)).
    private final class NotificationSocket: Sendable {
        private let descriptor: Int32

        init(_ name: String) throws {
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { bytes in
                bytes.copyBytes(from: name.utf8)
                if name.first == "@" { bytes[0] = 0 }
            }
            let length = socklen_t(2 + name.utf8.count + (name.first == "@" ? 0 : 1))
            let result = withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
            }
            if result != 0 { throw TestFailure("binding \(name): \(String(cString: strerror(errno)))") }
        }

        deinit { close(descriptor) }

        func receive() -> String? {
            var bytes = [UInt8](repeating: 0, count: 1024)
            let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
        }
    }
#endif
