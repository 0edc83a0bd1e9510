import BinaryTesting
import Listeners
import NIOCore
import NetworkDoctor
import Testing

@Suite("A TLS handshake", .enabled(if: Certificates.isAvailable, "needs openssl"))
struct HandshakeProbeTests {
    /// 2026-11-25, before any certificate of these tests ends, and a hundred years later.
    private let now: Int64 = 1_795_564_800
    private let later: Int64 = 4_951_324_800

    private func meet(_ port: UInt16, host: String = "localhost", now: Int64? = nil, authorities: String? = nil) async -> HandshakeFact {
        let target = Target(isSecure: true, host: host, port: port)
        let probe = HandshakeProbe(target: target, now: now ?? self.now, authorities: authorities)
        return await probe.meet(.loopback4, until: .now() + .seconds(30))
    }

    @Test("Looks at a certificate that nobody known signed, and says whose it is")
    func selfSigned() async throws {
        try await Scratch.with { scratch in
            let certificates = try Certificates(in: scratch, subject: "/CN=memory.example", names: "DNS:memory.example")
            try await LoopbackServer.with(tls: certificates.context) { server in
                let fact = await meet(server.port, host: "memory.example", now: systemSeconds())
                #expect(fact.outcome == .untrusted("the certificate is self-signed"))
                #expect(fact.subject == "CN=memory.example" && fact.issuer == fact.subject)
                #expect(fact.applicationProtocol == "http/1.1")
                #expect(fact.expires ?? 0 > systemSeconds())
            }
        }
    }

    @Test("Is established with a certificate of an authority that the client was told")
    func trusted() async throws {
        try await Scratch.with { scratch in
            let certificates = try Certificates(in: scratch)
            try await LoopbackServer.with(tls: certificates.context) { server in
                let fact = await meet(server.port, authorities: certificates.path)
                #expect(fact.outcome == .established && fact.subject == "CN=localhost")
            }
        }
    }

    @Test("Tells the names of a certificate that is good for another host")
    func wrongName() async throws {
        try await Scratch.with { scratch in
            let certificates = try Certificates(in: scratch, names: "DNS:memory.example,DNS:*.memory.example")
            try await LoopbackServer.with(tls: certificates.context) { server in
                let fact = await meet(server.port, authorities: certificates.path)
                #expect(fact.outcome == .wrongName(names: ["memory.example", "*.memory.example"]))
            }
        }
    }

    @Test("Says that the file of authorities cannot be read")
    func missingFile() async throws {
        try await Scratch.with { scratch in
            try await LoopbackServer.with(tls: try Certificates(in: scratch).context) { server in
                let fact = await meet(server.port, authorities: "/nothing/here.pem")
                guard case .untrusted(let reason) = fact.outcome else {
                    Issue.record("\(fact)")
                    return
                }
                #expect(reason.contains("/nothing/here.pem"))
            }
        }
    }

    @Test("Says of a certificate that it has expired")
    func expired() async throws {
        try await Scratch.with { scratch in
            let certificates = try Certificates(in: scratch)
            try await LoopbackServer.with(tls: certificates.context) { server in
                #expect(await meet(server.port, now: later).outcome == .untrusted("the certificate has expired"))
            }
        }
    }

    @Test("Tells plain HTTP behind the port, whether it refuses TLS or closes on it", arguments: [true, false])
    func plain(refuses: Bool) async throws {
        let answer: LoopbackServer.Reply = refuses ? .send(LoopbackServer.json("", status: "400 Bad Request")) : .close
        try await LoopbackServer.with(reply: { $0.hasPrefix("GET") ? .send(LoopbackServer.health) : answer }) { server in
            #expect(await meet(server.port).outcome == .failed("the port speaks plain HTTP"))
        }
    }

    @Test("Says that a silent port timed out")
    func silent() async throws {
        try await LoopbackServer.with { server in
            let probe = HandshakeProbe(target: Target(isSecure: true, host: "localhost", port: server.port), now: now)
            let fact = await probe.meet(.loopback4, until: .now() + .milliseconds(50))
            #expect(fact.outcome == .failed("timed out"))
        }
    }
}
