import BinaryTesting
import JSON
import Listeners
import NetworkDoctor
import Testing

@Suite("The remote probes")
struct RemoteProbesTests {
    private func run(
        _ port: UInt16, isSecure: Bool = false, _ addresses: [InternetAddress] = [.loopback4], headers: [String: String] = [:],
        timeout: Duration = .seconds(30)
    ) async -> RemoteFindings {
        let target = Target(isSecure: isSecure, host: "localhost", port: port)
        let plan = RemotePlan(target: target, addresses: addresses, headers: headers, timeout: timeout)
        return await RemoteProbes(now: systemSeconds(), plan: plan, watch: .milliseconds(1)).run()
    }

    @Test("Say of every later layer that nothing was reached")
    func nobody() async throws {
        let findings = try await BoundSocket.with { await run($0) }
        #expect(findings.connections.map(\.outcome) == [.failed("ECONNREFUSED")])
        #expect(findings.http.health.isEmpty && findings.mcp.conversations.isEmpty)
        #expect(findings.stream.opening == .notChecked("no address was reached"))
        #expect(findings.mcp.tools == .notChecked("no address was reached"))
    }

    // Elsewhere 127.0.0.1 is the only address of 127/8.
    #if os(Linux)
        @Test("Go on with the address that answers, whatever stands before it")
        func second() async throws {
            let dead = try #require(InternetAddress("127.0.0.2"))
            try await LoopbackServer.with(reply: { _ in .send(LoopbackServer.health) }) { server in
                let findings = await run(server.port, [dead, .loopback4])
                #expect(findings.connections.map(\.outcome) == [.failed("ECONNREFUSED"), .connected])
                #expect(findings.http.health.map(\.address) == [.loopback4])
                #expect(findings.http.report?["version"]?.string == "1.2.3")
                #expect(findings.http.hosts.map(\.host) == ["localhost:\(server.port)", "127.0.0.1:\(server.port)"])
            }
        }
    #endif

    // Elsewhere 127.0.0.1 is the only address of 127/8.
    #if os(Linux)
        @Test("Do not wait for a silent address when the next one answers")
        func silentFirst() async throws {
            let silent = try #require(InternetAddress("127.0.0.2"))
            try await LoopbackServer.with(reply: { _ in .send(LoopbackServer.health) }) { server in
                try await LoopbackServer.with(address: silent, port: server.port) { _ in
                    let findings = await run(server.port, [silent, .loopback4], timeout: .seconds(2))
                    #expect(findings.http.health.map(\.outcome).first == .timedOut)
                    #expect(findings.http.hosts.map(\.address) == [.loopback4, .loopback4])
                    #expect(findings.http.hosts.allSatisfy { $0.answer?.status == 200 })
                }
            }
        }
    #endif

    @Test("End at the timeouts with a server that connects and is silent, and leave no connection")
    func silent() async throws {
        try await LoopbackServer.with { server in
            let findings = await run(server.port, timeout: .seconds(1))
            #expect(findings.connections.map(\.outcome) == [.connected])
            #expect(findings.http.health.map(\.outcome) == [.timedOut])
            #expect(findings.mcp.conversations.allSatisfy { $0.outcome == .refused })
            _ = try await eventually(within: .seconds(30), "the connections to be closed") { server.requests.openChannels == 0 ? true : nil }
        }
    }

    @Test("Tell a port that speaks TLS from one that is closed", .enabled(if: Certificates.isAvailable, "needs openssl"))
    func tlsBehindHTTP() async throws {
        try await Scratch.with { scratch in
            try await LoopbackServer.with(tls: try Certificates(in: scratch).context) { server in
                let findings = await run(server.port)
                #expect(findings.http.health.map(\.outcome) == [.failed("the port speaks TLS")])
                #expect(findings.mcp.tools == .notChecked("the port speaks TLS"))
            }
        }
    }

    @Test("Look behind a certificate that is not trusted, without the token", .enabled(if: Certificates.isAvailable, "needs openssl"))
    func untrusted() async throws {
        try await Scratch.with { scratch in
            let certificates = try Certificates(in: scratch)
            try await LoopbackServer.with(tls: certificates.context, reply: { _ in .send(LoopbackServer.health) }) { server in
                let findings = await run(server.port, isSecure: true, headers: ["Authorization": "Bearer secret"])
                #expect(findings.handshakes.map(\.outcome) == [.untrusted("the certificate is self-signed")])
                #expect(findings.http.report != nil)
                #expect(!findings.http.authorizationSent)
                #expect(!server.requests.texts.contains { $0.contains("secret") })
            }
        }
    }

    @Test("Send the token over TLS to a server that is trusted", .enabled(if: Certificates.isAvailable, "needs openssl"))
    func trusted() async throws {
        try await Scratch.with { scratch in
            let certificates = try Certificates(in: scratch)
            try await LoopbackServer.with(tls: certificates.context, reply: { _ in .send(LoopbackServer.health) }) { server in
                let target = Target(isSecure: true, host: "localhost", port: server.port)
                let plan = RemotePlan(
                    target: target, addresses: [.loopback4], headers: ["Authorization": "Bearer secret"], timeout: .seconds(30),
                    authorities: certificates.path)
                let findings = await RemoteProbes(now: systemSeconds(), plan: plan, watch: .milliseconds(1)).run()
                #expect(findings.handshakes.map(\.outcome) == [.established])
                #expect(findings.http.authorizationSent)
                #expect(server.requests.texts.allSatisfy { $0.contains("Authorization: Bearer secret") })
            }
        }
    }

    @Test("End at once when they are cancelled, and leave no connection")
    func cancelled() async throws {
        try await LoopbackServer.with { server in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = await run(server.port) }
                while server.requests.texts.isEmpty { await Task.yield() }
                group.cancelAll()
            }
            _ = try await eventually(within: .seconds(20), "the connections to be closed") { server.requests.openChannels == 0 ? true : nil }
        }
    }

    @Test("Tell plain HTTP behind an https port")
    func plainBehindHTTPS() async throws {
        try await LoopbackServer.with(reply: { $0.hasPrefix("GET") ? .send(LoopbackServer.health) : .close }) { server in
            let findings = await run(server.port, isSecure: true)
            #expect(findings.handshakes.map(\.outcome) == [.failed("the port speaks plain HTTP")])
            #expect(findings.http.health.map(\.outcome) == [.failed("the port speaks plain HTTP")])
            #expect(findings.stream.pace == .notChecked("the port speaks plain HTTP"))
        }
    }

    @Test(
        "Find everything in order at magenta itself", .enabled(if: Components.magenta != nil, "needs the magenta binary"),
        arguments: ["/mcp", "/sse"])
    func real(path: String) async throws {
        try await Scratch.with { scratch in
            try await Magenta.serving([], in: scratch) { server in
                let target = Target(host: "localhost", port: UInt16(server.port), path: path)
                let addresses: [InternetAddress] = Components.hasIPv6Loopback ? [.loopback6, .loopback4] : [.loopback4]
                let plan = RemotePlan(
                    target: target, addresses: addresses, timeout: .seconds(30), entryType: path == "/sse" ? "sse" : nil)
                let findings = await RemoteProbes(now: systemSeconds(), plan: plan).run()
                #expect(findings.connections.allSatisfy { $0.outcome == .connected })
                #expect(findings.http.health.count == addresses.count && findings.http.report != nil)
                #expect(findings.http.hosts.allSatisfy { $0.answer?.status == 200 })
                #expect(findings.stream.opening.value?.endpoint != nil)
                #expect(findings.mcp.conversations.count == 6)
                #expect(findings.mcp.conversations.allSatisfy { $0.outcome.revision == $0.revision })
                #expect(findings.mcp.tools.value?.count ?? 0 > 0)
                #expect(findings.mcp.unknownSession == .known(404))
                #expect(findings.mcp.getWithoutSession.value?.answer?.status == 200)
                let pace = try #require(findings.stream.pace.value)
                if pace.exchange.answer?.status == 200 {
                    #expect(pace.arrivals.count == 2)
                }
            }
        }
    }
}

extension MCPFacts.Conversation.Outcome {
    fileprivate var revision: String? {
        if case .agreed(_, _, let revision) = self { revision } else { nil }
    }
}
