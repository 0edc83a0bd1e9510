import BinaryTesting
import JSON
import ReachTesting
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Ten set-ups that are broken for real, each on a network of its own: the doctor names the cause and the fix.
@Suite("What the doctor says of broken set-ups", .enabled(if: TestNetwork.isAvailable, "\(TestNetwork.missing ?? "")"))
struct DoctorTests {
    static let url = "http://mcp-server:8000/mcp"

    @Test("A good server: exit code 0, in under two seconds")
    func good() async throws {
        try await TestNetwork.with(.dualStack) { network in
            let server = try await network.serve()
            let clock = ContinuousClock()
            let start = clock.now
            let answer = try await network.client.doctor([Self.url])
            let taken = clock.now - start
            #expect(answer.exitCode == 0, "\(answer)")
            #expect(answer.families == "v4 yes, v6 yes")
            #expect(!answer.checks.contains { ["fail", "warn"].contains($0.status) }, "\(answer)")
            // The stream of the buffering test lasts a second by itself.
            #expect(taken < .seconds(2), "\(taken)")
            try await server.stop()
        }
    }

    @Test("1. A server on IPv6 alone")
    func ipv6Only() async throws {
        try await TestNetwork.with(.dualStack) { network in
            let server = try await network.serve(listen: "[::]:8000")
            let fromClient = try await network.client.doctor([Self.url])
            #expect(fromClient.exitCode == 0)
            #expect(fromClient.families == "v4 no, v6 yes")
            let check = try fromClient.problem("tcp.connect")
            #expect(check.line.contains("10.77.0.1:8000 refused ECONNREFUSED"))
            #expect(check.cause.contains("listens on IPv6 only"))
            #expect(check.fix.contains("--listen all:8000"))
            // On the server's own host the sockets are seen.
            let family = try await network.server.doctor([Self.url]).problem("server.family")
            #expect(family.line.contains("IPv6 only"))
            #expect(family.cause.contains("[::]:8000 (IPV6_V6ONLY=1)"))
            try await server.stop()
        }
    }

    @Test("2. A server on IPv4 alone, where warnings count")
    func ipv4Only() async throws {
        try await TestNetwork.with(.dualStack) { network in
            let server = try await network.serve(listen: "0.0.0.0:8000")
            let answer = try await network.client.doctor([Self.url, "--strict", "--client", "node-18"])
            #expect(answer.exitCode == 1)
            #expect(answer.families == "v4 yes, v6 no")
            let check = try answer.problem("tcp.connect")
            #expect(check.cause.contains("listens on IPv4 only"))
            #expect(check.fix.contains("--listen all:8000"))
            #expect(try answer.problem("client.connect").line.contains("tries the first address only"))
            try await server.stop()
        }
    }

    @Test("3. A server on its own loopback, as in a container")
    func loopbackOnly() async throws {
        try await TestNetwork.with(.ipv4Only) { network in
            let server = try await network.serve([], listen: "localhost:8000")
            let answer = try await network.client.doctor([Self.url])
            #expect(answer.exitCode == 2)
            #expect(answer.families == "v4 no, v6 absent")
            let check = try answer.problem("tcp.connect")
            #expect(check.cause.contains("loopback"))
            #expect(check.fix.contains("--listen all:8000"))
            let beside = try await network.server.doctor([Self.url]).problem("tcp.connect")
            #expect(beside.cause.contains("listens on 127.0.0.1:8000"), "\(beside)")
            #expect(beside.cause.contains("loopback only"), "\(beside)")
            try await server.stop()
        }
    }

    @Test("4. A published port with nobody behind it", .enabled(if: Components.python != nil, "no python3"))
    func nobodyBehind() async throws {
        try await TestNetwork.with(.ipv4Only) { network in
            // As docker-proxy does it: takes the connection, fails to reach the container, and resets it.
            let program = """
                import socket, struct
                server = socket.create_server(("0.0.0.0", 8000))
                print("ready", flush=True)
                while True:
                    connection, _ = server.accept()
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    connection.close()
                """
            let forwarder = try network.server.start(["python3", "-c", program])
            try await eventually(within: .seconds(10), "the forwarder to listen") { forwarder.outputText.contains("ready") ? () : nil }
            let answer = try await network.client.doctor([Self.url])
            #expect(answer.exitCode == 2, "\(answer)")
            let check = try answer.problem("tcp.connect")
            #expect(check.cause.contains("finds nobody behind"))
            #expect(check.fix.contains("--listen all"))
            #expect(check.fix.contains("docker ps"))
            forwarder.send(SIGKILL)
        }
    }

    @Test("5. A Host that the server does not know")
    func host() async throws {
        try await TestNetwork.with(.dualStack) { network in
            let server = try await network.serve()
            let answer = try await network.client.doctor(["http://\(NetworkAddress.foreignName):8000/mcp"])
            #expect(answer.exitCode == 3, "\(answer)")
            let check = try answer.problem("http.host")
            #expect(check.line.contains("421"))
            #expect(check.fix.contains("--allow-host \(NetworkAddress.foreignName)"))
            try await server.stop()
        }
    }

    @Test("6. A proxy that buffers streams", .enabled(if: Components.program("nginx") != nil, "no nginx: scripts/bootstrap --tests installs it"))
    func buffering() async throws {
        try await TestNetwork.with(.ipv4Only) { network in
            let server = try await network.serve()
            // magenta's own header would switch it off.
            let nginx = try await network.nginx(
                "server { listen 8081; location / { proxy_pass http://127.0.0.1:8000; proxy_ignore_headers X-Accel-Buffering; } }")
            let answer = try await network.client.doctor(["http://mcp-server:8081/mcp"])
            let check = try answer.problem("stream.buffering")
            #expect(check.cause.contains("nginx"), "\(check)")
            #expect(check.fix.contains("proxy_buffering off"))
            #expect(answer.exitCode == 5, "\(answer)")
            nginx.send(SIGTERM)
            try await nginx.exit()
            try await server.stop()
        }
    }

    @Test("7. HTTP_PROXY leads to nobody")
    func proxyVariable() async throws {
        try await TestNetwork.with(.dualStack) { network in
            let server = try await network.serve()
            let environment = ["HTTP_PROXY": "http://10.77.0.1:3128", "NO_PROXY": "localhost,127.0.0.1"]
            let answer = try await network.client.doctor([Self.url], environment: environment)
            #expect(answer.exitCode == 2, "\(answer)")
            let check = try answer.problem("environment.proxy")
            #expect(check.line.contains("HTTP_PROXY"))
            #expect(check.fix.contains("NO_PROXY=localhost,127.0.0.1,mcp-server"))
            #expect(try answer.problem("http.proxy").line.contains("ECONNREFUSED"))
            try await server.stop()
        }
    }

    @Test("8. A name that this network does not know")
    func unknownName() async throws {
        try await TestNetwork.with(.ipv4Only) { network in
            let answer = try await network.client.doctor(["http://memory:8000/mcp"])
            #expect(answer.exitCode == 2)
            let check = try answer.problem("names.resolve")
            #expect(check.cause.contains("memory"))
            #expect(!check.fix.isEmpty)
            #expect(answer.checks.contains { $0.id == "names.server" && $0.line.contains("NXDOMAIN") }, "\(answer)")
        }
    }

    @Test("9. An IPv6 route that is dead")
    func deadRoute() async throws {
        try await TestNetwork.with(.dualStack) { network in
            try await network.dropSilentAddresses()
            let server = try await network.serve()
            let answer = try await network.client.doctor(["http://\(NetworkAddress.deadIPv6Name):8000/mcp", "--timeout", "2"])
            #expect(answer.exitCode == 0, "\(answer)")
            #expect(answer.families == "v4 yes, v6 no")
            let check = try answer.problem("tcp.connect")
            #expect(check.line.contains("ETIMEDOUT"))
            #expect(check.cause.contains("IPv6 route"))
            #expect(check.fix.contains("AAAA"))
            try await server.stop()
        }
    }

    @Test("10. A wrong path, and a type that the server does not serve there")
    func wrongPath() async throws {
        try await TestNetwork.with(.ipv4Only) { network in
            let server = try await network.serve()
            let answer = try await network.client.doctor(["http://mcp-server:8000/api/mcp"])
            #expect(answer.exitCode == 3, "\(answer)")
            let check = try answer.problem("http.path")
            #expect(check.fix.contains("http://mcp-server:8000/mcp"))
            try await server.stop()
        }
    }

    @Test("A good server on a host without IPv4")
    func onlyIPv6() async throws {
        try await TestNetwork.with(.ipv6Only) { network in
            let server = try await network.serve()
            for host in [network.client, network.server] {
                let answer = try await host.doctor([Self.url])
                #expect(answer.exitCode == 0, "\(answer)")
                #expect(answer.families == "v4 absent, v6 yes")
            }
            try await server.stop()
        }
    }

    @Test("Two programs on one port, one on each family", .enabled(if: Components.python != nil, "no python3"))
    func twoPrograms() async throws {
        try await TestNetwork.with(.dualStack) { network in
            let server = try await network.serve(listen: "0.0.0.0:8000")
            let other = try network.server.start(["python3", "-u", "-m", "http.server", "8000", "--bind", "::1"])
            try await eventually(within: .seconds(10), "the other program to listen") { other.outputText.contains("Serving") ? () : nil }
            let answer = try await network.server.doctor(["http://localhost:8000/mcp"])
            #expect(answer.exitCode == 2, "\(answer)")
            #expect(answer.families == "v4 yes, v6 no")
            #expect(try answer.problem("http.answer").cause.contains("magenta answers at 127.0.0.1:8000"))
            #expect(try answer.problem("server.family").line.contains("python3"))
            other.send(SIGKILL)
            try await server.stop()
        }
    }

    @Test("A token that is missing, and one that is wrong")
    func token() async throws {
        try await TestNetwork.with(.ipv4Only) { network in
            let good = try network.scratch.write("0123456789abcdef0123456789abcdef\n", to: "token")
            let wrong = try network.scratch.write("fedcba9876543210fedcba9876543210\n", to: "wrong")
            let server = try await network.serve(["--token-file", good])
            let without = try await network.client.doctor([Self.url])
            #expect(without.exitCode == 3)
            #expect(try without.problem("http.authorization").fix.contains("Bearer ${MAGENTA_TOKEN}"))
            let refused = try await network.client.doctor([Self.url, "--token-file", wrong])
            #expect(refused.exitCode == 3)
            #expect(!refused.json.description.contains("fedcba98"))
            #expect(try await network.client.doctor([Self.url, "--token-file", good]).exitCode == 0)
            try await server.stop()
        }
    }

    @Test("Without a URL it finds the entries of the project and of the user, and says what is wrong with each")
    func entries() async throws {
        try await TestNetwork.with(.ipv4Only) { network in
            let server = try await network.serve()
            let project = try network.scratch.folder("project")
            try network.scratch.write(
                #"{"mcpServers":{"magenta-memory":{"type":"http","url":"http://mcp-server:8000/mcp","headers":{"Authorization":"Bearer ${MAGENTA_TOKEN}"}},"other":{"command":"x"},"magenta-stdio":{"command":"magenta","args":["stdio"]}}}"#,
                to: "project/.mcp.json")
            // No URL that can be called, and nobody may see what it holds.
            try network.scratch.write(
                #"{"mcpServers":{"magenta-old":{"type":"http","url":"http://user:hunter2@mcp-server:8000/mcp?key=hunter2"}}}"#,
                to: "home/.claude.json")
            guard let magenta = Components.magenta else { throw TestFailure("no magenta binary beside the tests") }
            let result = try await network.client.run(["sh", "-c", "cd \(project) && exec \(magenta) doctor --json"])
            let lines = result.output.split(separator: "\n")
            #expect(lines.count == 3, "\(result.output)")
            #expect(!result.output.contains("hunter2") && !result.errors.contains("hunter2"))
            let local = try DoctorAnswer(exitCode: 0, output: String(lines[1]))
            #expect(local.json["verdict"]?.string == "good" && local.json["target"]?.string == "magenta-stdio")
            let answer = try DoctorAnswer(exitCode: 2, output: String(lines[0]))
            #expect(result.status == .code(2))
            #expect(try answer.problem("config.variable").line.contains("MAGENTA_TOKEN"))
            #expect(try answer.problem("config.approval").line.contains("pending"))
            #expect(answer.families == "v4 yes, v6 absent")
            try await server.stop()
        }
    }
}

/// The bug that this project began with, with its real parts.
@Suite("What the doctor says of the founding bug", .enabled(if: FoundingBug.missing == nil, "\(FoundingBug.missing ?? "")"))
struct FoundingBugDoctorTests {
    @Test(
        "uvicorn on :: in Docker's IPv4-only network: the client's doctor names the cause, the server's shows the socket",
        .enabled("a Docker engine starts") { await DockerEngine.isRunning })
    func foundingBug() async throws {
        try await Scratch.with { scratch in
            try await withFoundingBug(in: scratch) { bug in
                let fromClient = try await bug.client.doctor([bug.url])
                #expect(fromClient.exitCode == 2, "\(fromClient)")
                let refused = try fromClient.problem("tcp.connect")
                #expect(refused.line.contains("ECONNREFUSED"))
                #expect(refused.cause.contains("IPV6_V6ONLY"))
                #expect(refused.fix.contains("host=None"))
                let beside = try await bug.server.doctor([bug.url])
                #expect(beside.exitCode == 2, "\(beside)")
                let family = try beside.problem("server.family")
                #expect(family.line.contains("IPv6 only"), "\(family)")
                #expect(family.cause.contains("[::]:8000 (IPV6_V6ONLY=1)"), "\(family)")
                #expect(family.fix.contains("host=None"))
            }
        }
    }
}
