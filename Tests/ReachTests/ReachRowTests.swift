import BinaryTesting
import FoundationEssentials
import JSON
import ReachTesting
import Testing

/// What goes wrong on real networks, one row a test.
@Suite("On a network with something wrong", .enabled(if: TestNetwork.isAvailable, "\(TestNetwork.missing ?? "")"))
struct ReachRowTests {
    static let clients: [any ReachClient.Type] = [Curl.self, NodeFetch.self, PythonSDK.self, ClaudeList.self].filter { $0.missing == nil }

    @Test("Port 0 gives one port, and it answers on both families")
    func portZero() async throws {
        try await TestNetwork.with(.dualStack) { network in
            let server = try await network.serve(listen: "all:0")
            let ports = server.log.matches(of: /listening address=\S+:(\d+)/).map { $0.1 }
            #expect(ports.count == 2 && Set(ports).count == 1, "\(server.log)")
            let port = try #require(ports.first.flatMap { Int($0) })
            for client in Self.clients {
                let visits = ["v4-name", "v6-name"].flatMap { name in Visit.Transport.allCases.map { Visit($0, name, port: port) } }
                let failures = try await client.init().failures(of: visits, from: network.client, environment: [:])
                #expect(failures == [nil, nil, nil, nil], "\(client.name)")
            }
            try await server.stop()
        }
    }

    @Test("A port that is taken in one family is an error that names who has it", arguments: ["0.0.0.0:8000", "[::]:8000"])
    func portTaken(by taken: String) async throws {
        try await TestNetwork.with(.dualStack) { network in
            let first = try await network.serve(listen: taken)
            let second = try await network.server.magenta(
                ["serve", "--listen", "all:8000", "--no-auth", "--no-watch", "--store", network.scratch.path("second.sqlite")])
            #expect(second.status == .code(1), "\(second)")
            #expect(second.errors.contains("\(taken): the port is taken by process \(first.process.pid) (magenta)"), "\(second.errors)")
            #expect(second.errors.contains("Fix: "), "\(second.errors)")
            try await first.stop()
        }
    }

    @Test("A foreign Host gets 421 and the option that allows it, and the option does")
    func foreignHost() async throws {
        try await TestNetwork.with(.dualStack) { network in
            let url = "http://\(NetworkAddress.foreignName):8000"
            let refusing = try await network.serve()
            for path in ["/mcp", "/sse", "/", "/health"] {
                let answer = try await network.client.output(of: ["curl", "-sS", "-m", "10", "-w", "%{http_code}", url + path])
                #expect(
                    answer == "magenta: Host \"evil.example\" is not allowed. Fix: --allow-host evil.example\n421", "\(path): \(answer)")
            }
            try await refusing.stop()

            let allowing = try await network.serve(["--no-auth", "--allow-host", NetworkAddress.foreignName])
            for client in Self.clients {
                let visits = Visit.Transport.allCases.map { Visit($0, NetworkAddress.foreignName) }
                let failures = try await client.init().failures(of: visits, from: network.client, environment: [:])
                #expect(failures == [nil, nil], "\(client.name)")
            }
            try await allowing.stop()
        }
    }

    @Test(
        "A family that answers nothing costs the client time, and the other one serves it",
        arguments: [NetworkAddress.deadIPv6Name, NetworkAddress.deadIPv4Name])
    func deadFamily(name: String) async throws {
        try await TestNetwork.with(.dualStack) { network in
            try await network.dropSilentAddresses()
            let server = try await network.serve()
            for client in Self.clients {
                let start = ContinuousClock.now
                let failures = try await client.init().failures(of: [Visit(.http, name)], from: network.client, environment: [:])
                let time = ContinuousClock.now - start
                #expect(failures == [nil], "\(client.name) by \(name)")
                print("counted: \(name): \(client.name) was through in \(time.milliseconds) ms, its start included")
            }
            try await server.stop()
        }
    }

    @Test("A server that listens on one family alone is refused by the other address, and reached by the name that has both")
    func oneFamily() async throws {
        try await TestNetwork.with(.dualStack) { network in
            let server = try await network.serve(listen: "0.0.0.0:8000")
            for client in Self.clients {
                let visits = [NetworkAddress.ipv6Name, NetworkAddress.serviceName].map { Visit(.http, $0) }
                let failures = try await client.init().failures(of: visits, from: network.client, environment: [:])
                #expect(failures[0] != nil && failures[1] == nil, "\(client.name): \(failures)")
            }
            try await server.stop()
        }
    }

    /// The bug that this project began with, without containers.
    @Test(
        "uvicorn on :: is refused in a network without IPv6, which serves magenta on the same port",
        .enabled(if: PythonSDK.missing == nil, "\(PythonSDK.missing ?? "")"))
    func foundingBug() async throws {
        try await TestNetwork.with(.ipv4Only) { network in
            let python = try #require(Components.pythonSDK(2))
            let uvicorn = try network.server.start([python, "\(Components.package)/Tests/Interop/founding_bug.py"])
            try await eventually(within: .seconds(20), "uvicorn to run on [::]:8000") {
                uvicorn.errorText.contains("Uvicorn running on http://[::]:8000") ? () : nil
            }
            for client in Self.clients {
                let failures = try await client.init().failures(of: [Visit(.http, "mcp-server")], from: network.client, environment: [:])
                let failure = failures.first??.lowercased() ?? "no failure"
                // The Python SDK says that all attempts failed, and not how.
                #expect(
                    ["refused", "connect to server", "all connection attempts failed"].contains(where: failure.contains), "\(client.name): \(failure)"
                )
            }
            uvicorn.send(15)
            try await uvicorn.exit()

            let server = try await network.serve()
            for client in Self.clients {
                let failures = try await client.init().failures(of: [Visit(.http, "mcp-server")], from: network.client, environment: [:])
                #expect(failures == [nil], "\(client.name)")
            }
            try await server.stop()
        }
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
