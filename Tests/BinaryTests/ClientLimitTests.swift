import BinaryTesting
import JSON
import Testing

@Suite("Clients of magenta serve", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct ClientLimitTests {
    private static let token = "a-token-of-twenty-six-bytes"

    private static func ask(_ server: Server, _ headers: [(String, String)] = [], _ target: String = "/metrics") async throws -> HTTPAnswer {
        try await exchange(HTTPCall("GET", target, headers: headers), "127.0.0.1", server.port)
    }

    @Test("A client that asks too often is told the limit and the setting, and health goes on")
    func rate() async throws {
        try await Scratch.with { scratch in
            try await Magenta.serving(["--no-watch", "--rate-limit", "3"], in: scratch) { server in
                for _ in 0..<3 { #expect(try await Self.ask(server).status == 200) }
                let refused = try await Self.ask(server)
                #expect(refused.status == 429 && refused.head["retry-after"] == "20")
                #expect(
                    refused.text == "magenta: more than 3 requests a minute came from 127.0.0.1. Fix: try again in 20 s; for more, start the "
                        + "server with a higher --rate-limit\n")
                for _ in 0..<5 { #expect(try await Self.ask(server, [], "/health").status == 200) }
            }
        }
    }

    @Test("On loopback there is no limit that nobody set, and 0 is none")
    func unlimited() async throws {
        for arguments in [[], ["--rate-limit", "0"]] {
            try await Scratch.with { scratch in
                try await Magenta.serving(["--no-watch"] + arguments, in: scratch) { server in
                    let statuses = try await within(.seconds(60), "many answers") {
                        try await HTTPConnection.with("127.0.0.1", server.port) { connection in
                            var statuses: Set<Int> = []
                            for _ in 0..<1500 { statuses.insert(try await connection.exchange(HTTPCall("GET", "/nothing")).status) }
                            return statuses
                        }
                    }
                    #expect(statuses == [404])
                }
            }
        }
    }

    @Test("A trusted proxy says who the client is, for the log and the limit; others are not listened to")
    func proxies() async throws {
        try await Scratch.with { scratch in
            let arguments = ["--no-watch", "--log-level", "debug", "--trust-proxy", "127.0.0.1/32"]
            try await Magenta.serving(arguments + ["--rate-limit", "2"], in: scratch) { server in
                func ask(_ list: String) async throws -> Int { try await Self.ask(server, [("X-Forwarded-For", list)]).status }
                for client in ["203.0.113.7", "198.51.100.1, 2001:db8::1", "203.0.113.7", "2001:db8::2"] {
                    #expect(try await ask(client) == 200)
                }
                // The address that stands behind is the proxy's, whatever the client wrote before it.
                #expect(try await ask("203.0.113.7") == 429)
                #expect(try await ask("203.0.113.99, 203.0.113.7") == 429)
                #expect(try await ask("2001:db8::3") == 429)
                _ = try await eventually(within: .seconds(10), "the peer in the log") {
                    server.process.errorText.contains("peer=203.0.113.7") ? true : nil
                }
                // Not a trusted one, though it is the same host.
                guard Components.hasIPv6Loopback else { return }
                for number in 0..<3 {
                    let call = HTTPCall("GET", "/metrics", headers: [("X-Forwarded-For", "203.0.113.\(number + 20)")])
                    #expect(try await exchange(call, "::1", server.port).status == (number < 2 ? 200 : 429))
                }
            }
        }
    }

    @Test("Wrong tokens are answered 20 times a minute, and the good one always")
    func wrongTokens() async throws {
        try await Scratch.with { scratch in
            let file = try scratch.write(Self.token, to: "token")
            try await Magenta.serving(["--no-watch", "--token-file", file, "--rate-limit", "600"], in: scratch) { server in
                func ask(_ token: String) async throws -> HTTPAnswer { try await Self.ask(server, [("Authorization", "Bearer \(token)")]) }
                var statuses: [Int] = []
                for number in 0..<25 { statuses.append(try await ask("wrong-wrong-wrong-\(number)").status) }
                #expect(statuses.prefix(20).allSatisfy { $0 == 401 } && statuses.last == 429)
                let refused = try await ask("wrong-wrong-wrong-wrong")
                #expect(refused.head["retry-after"] != nil && refused.text.contains("more than 20 such requests a minute came from 127.0.0.1. Fix: "))
                #expect(try await ask(Self.token).status == 200)
            }
        }
    }

    @Test(
        "What is no address and no number is refused with the fix",
        arguments: [
            (["--trust-proxy", "nginx"], "--trust-proxy is \"nginx\" and neither an address nor a block of addresses. Fix: "),
            (["--trust-proxy", "10.0.0.0/33"], "--trust-proxy is \"10.0.0.0/33\""), (["--rate-limit", "many"], "--rate-limit is \"many\""),
            (["--rate-limit", "-1"], "--rate-limit"),
        ])
    func settings(arguments: [String], text: String) async throws {
        try await Scratch.with { scratch in
            let process = try Magenta.start(["serve", "--listen", "localhost:0", "--no-watch"] + arguments, in: scratch)
            #expect(try await process.exit() == .code(64))
            #expect(process.errorText.contains(text))
        }
    }
}
