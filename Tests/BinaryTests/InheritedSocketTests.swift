import BinaryTesting
import JSON
import Synchronization
import Testing

/// Sockets that stay open over a restart, as systemd's socket units hold them (sd_listen_fds(3)): what is posted meanwhile waits in the
/// kernel's queue.
@Suite("A restart on sockets that stay open", .enabled(if: Components.magenta != nil && Components.python != nil, "no magenta binary or no python3"))
struct InheritedSocketTests {
    /// Holds the sockets; for each line that it reads it stops the server by SIGTERM and starts another one on them.
    private static let parent = """
        import ctypes, fcntl, os, signal, socket, sys
        v4 = socket.socket(socket.AF_INET)
        v4.bind(("127.0.0.1", 0))
        port = v4.getsockname()[1]
        v6 = socket.socket(socket.AF_INET6)
        v6.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        v6.bind(("::1", port))
        held = []
        for one in (v4, v6):
            one.listen(256)
            held.append(fcntl.fcntl(one.fileno(), fcntl.F_DUPFD_CLOEXEC, 20))
        def start():
            pid = os.fork()
            if pid == 0:
                if sys.platform == "linux":
                    # PR_SET_PDEATHSIG: a test that fails kills this parent, and the server goes with it.
                    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
                for place, descriptor in enumerate(held):
                    os.dup2(descriptor, 3 + place)
                os.environ["LISTEN_FDS"] = "2"
                os.environ["LISTEN_PID"] = str(os.getpid())
                os.execv(sys.argv[1], sys.argv[1:])
            return pid
        child = start()
        print(port, flush=True)
        for line in sys.stdin:
            os.kill(child, signal.SIGTERM)
            print("exit", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
            if line.strip() == "restart":
                child = start()
            else:
                break
        """

    /// How far each client is since the last restart.
    private final class Load: Sendable {
        private let state = Mutex((answered: [Int: Int](), hasEnded: false))

        var hasEnded: Bool { state.withLock { $0.hasEnded } }
        func answered(_ client: Int) { state.withLock { $0.answered[client, default: 0] += 1 } }
        func beginRound() { state.withLock { $0.answered = [:] } }
        func end() { state.withLock { $0.hasEnded = true } }

        func everyClient(reaches count: Int, of clients: Int) async throws {
            _ = try await eventually(within: .seconds(60), "\(clients) clients to be answered") {
                self.state.withLock { $0.answered.values.filter { $0 >= count }.count == clients } ? true : nil
            }
        }
    }

    private struct Tally: Sendable {
        var answered = 0
        var failures: [String] = []
    }

    @Test("Under load no call fails over http, and over sse none that is posted once the stream is back", .enabled(if: Components.hasIPv6Loopback))
    func restarts() async throws {
        try await withZoo { scratch, store in
            let binary = try #require(Components.magenta)
            let python = try #require(Components.python)
            let process = try ChildProcess(
                [python, "-c", Self.parent, binary, "serve", "--store", store, "--no-watch"], environment: try Magenta.environment(in: scratch),
                in: scratch, hasInput: true)
            let port = try await eventually(within: .seconds(30), "the port") { Int(process.outputText.split(separator: "\n").first ?? "") }
            // A signal before the first server traps it would kill it.
            _ = try await exchange(HTTPCall("GET", "/health"), "127.0.0.1", port)
            let load = Load()
            let (http, sse) = try await withThrowingTaskGroup(of: (isSSE: Bool, tally: Tally).self) { group in
                for client in 0..<4 {
                    let host = client % 2 == 0 ? "127.0.0.1" : "::1"
                    group.addTask { (false, await Self.callOverHTTP(host, port, load, client)) }
                    group.addTask { (true, await Self.callOverSSE(host, port, load, client + 4)) }
                }
                for number in 1...3 {
                    try await load.everyClient(reaches: 3, of: 8)
                    try await process.write(Array("restart\n".utf8))
                    _ = try await eventually(within: .seconds(30), "restart \(number)") {
                        process.outputText.split(separator: "\n").count > number ? true : nil
                    }
                    load.beginRound()
                }
                try await load.everyClient(reaches: 3, of: 8)
                load.end()
                var tallies = (Tally(), Tally())
                for try await (isSSE, tally) in group {
                    if isSSE {
                        tallies.1.answered += tally.answered
                        tallies.1.failures += tally.failures
                    } else {
                        tallies.0.answered += tally.answered
                        tallies.0.failures += tally.failures
                    }
                }
                return tallies
            }
            try await process.write(Array("stop\n".utf8))
            #expect(try await process.exit() == .code(0))
            #expect(process.outputText.split(separator: "\n").dropFirst() == ["exit 0", "exit 0", "exit 0", "exit 0"])
            #expect(http.failures == [])
            #expect(sse.failures == [])
            #expect(http.answered > 20 && sse.answered > 20)
            print("counted: three restarts on open sockets: \(http.answered) calls over http and \(sse.answered) over sse, none lost that may not be")
        }
    }

    /// One call after the other, each on a connection of its own: those that are posted while nobody serves wait.
    private static func callOverHTTP(_ host: String, _ port: Int, _ load: Load, _ client: Int) async -> Tally {
        var tally = Tally()
        while !load.hasEnded {
            var call = ClaudeCodeRecording.modernCall("/mcp")
            call.headers.append(("Connection", "close"))
            do {
                let answer = try await exchange(call, host, port)
                if try answer.message()["result"]?["structuredContent"]?.messageIDs == Zoo.found {
                    tally.answered += 1
                    load.answered(client)
                } else {
                    tally.failures.append("\(answer.status) \(answer.text.prefix(200))")
                }
            } catch {
                tally.failures.append("\(error)")
            }
        }
        return tally
    }

    /// Opens the stream again whenever it ended. A call that was posted while the old one ended may be lost, the first on a new stream never.
    private static func callOverSSE(_ host: String, _ port: Int, _ load: Load, _ client: Int) async -> Tally {
        let tally = Mutex(Tally())
        while !load.hasEnded {
            do {
                try await within(.seconds(60), "an event stream") {
                    try await EventStream.with(host, port, "/sse", headers: ClaudeCodeRecording.streamHeaders(reopened: true)) { stream in
                        guard let endpoint = try await stream.next()?.data else { throw TestFailure("a stream without an endpoint") }
                        var count = 0
                        while !load.hasEnded {
                            let posted = try? await exchange(ClaudeCodeRecording.legacyCall(endpoint, session: nil, id: count), host, port)
                            let isAnswered = posted?.status == 202 ? try await stream.next() != nil : false
                            guard isAnswered else {
                                if count == 0 { tally.withLock { $0.failures.append("the first call: \(posted?.status ?? 0)") } }
                                return
                            }
                            tally.withLock { $0.answered += 1 }
                            load.answered(client)
                            count += 1
                        }
                    }
                }
            } catch {
                tally.withLock { $0.failures.append("\(error)") }
            }
        }
        return tally.withLock { $0 }
    }
}
