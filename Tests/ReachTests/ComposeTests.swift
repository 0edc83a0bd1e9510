import BinaryTesting
import FoundationEssentials
import JSON
import ReachTesting
import Testing

/// The Compose files as they are shipped: from `up` to a tool call by Claude Code in another container, by service name, with the token.
@Suite(
    "Compose", .enabled(if: Components.magenta != nil, "no magenta binary"),
    .enabled(if: ClaudeCode.missing == nil, Comment(rawValue: ClaudeCode.missing ?? "")),
    .enabled(if: Components.program("docker-compose") != nil, "no docker-compose: scripts/bootstrap --tests installs it"),
    .enabled(Needs.docker) { await DockerEngine.isRunning })
struct ComposeTests {
    @Test("From docker-compose up to a tool call by Claude Code in another container", arguments: ComposeFile.allCases)
    func toolCall(file: ComposeFile) async throws {
        let server = "http://\(file.host):8000"
        try await Scratch.with { scratch in
            let project = try await ComposeProject(file, in: scratch)
            try await project.whileUp {
                // The client's first act, as soon as Compose lets it start, with no second try.
                let first = try await eventually(within: .seconds(30), "the client to start") {
                    let text = String(decoding: Scratch.bytes(at: project.firstAnswer), as: UTF8.self)
                    return text.hasSuffix("\n") ? text : nil
                }
                #expect(first == "200\n", "what the client's first request to /health gave")

                let claude = try await project.claudeCode()
                // Written down word for word as deploy/README.md says it, the token read where the container has it.
                let add = """
                    "\(ClaudeCode.binary ?? "claude")" mcp add -t http -s user magenta-memory \(server)/mcp \
                    --header "Authorization: Bearer $(cat /run/secrets/magenta_token)"
                    """
                try await claude.shell(add)
                #expect(try await claude.states()["magenta-memory"] == ClaudeCode.connected)

                for transport in ["http", "sse"] {
                    let memory = ClaudeCode.Entry(
                        "magenta-memory", transport, "\(server)/mcp", headers: ["Authorization": "Bearer \(project.token)"])
                    let call = ClaudeCode.Step.call(memory.tool(SampleMemory.tool), SampleMemory.arguments)
                    let results = try await claude.session([memory], [call, .say("Done.")]).finish()
                    #expect(results.map(\.isError) == [false], "\(transport): \(results)")
                    #expect(results.first?.text.contains(SampleMemory.messageID) == true, "\(transport): \(results)")
                    if results.map(\.isError) == [false] {
                        let address = file == .host ? "localhost" : "service name"
                        ReachCell(network: file.network, address: address, transport: transport, client: "Claude Code -p").record()
                    }
                }
                try await project.expectRefusal(of: claude, "\(server)/mcp")
                try await project.expectPublished()
                try await project.expectHardened()
            }
        }
    }
}

enum ComposeFile: String, CaseIterable, CustomTestStringConvertible {
    case dualStack = "compose.yaml"
    case ipv4Only = "compose.ipv4.yaml"
    case host = "compose.host.yaml"

    var testDescription: String { rawValue }

    /// As the client calls the server.
    var host: String { self == .host ? "localhost" : "mcp-server" }

    var network: String {
        switch self {
        case .dualStack: "Compose, dual stack"
        case .ipv4Only: "Compose, IPv4 only"
        case .host: "Compose, host network"
        }
    }

    /// Where the server is on Docker's host.
    var published: [String] { self == .ipv4Only ? ["127.0.0.1"] : ["127.0.0.1", "[::1]"] }
}

/// One of deploy's Compose files in use, with a token, transcripts and a user of its own. Beside the file it has only what stands in for
/// an image with Claude Code: a container that has this machine's programs.
private struct ComposeProject {
    static let user = 1000

    let file: ComposeFile
    let engine: DockerEngine
    let scratch: Scratch
    let token: String
    private let name: String
    private let arguments: [String]
    private let environment: [String: String]

    /// Where the client writes what its first request gave.
    var firstAnswer: String { scratch.path("home/first-answer") }

    init(_ file: ComposeFile, in scratch: Scratch) async throws {
        self.file = file
        self.scratch = scratch
        engine = try await DockerEngine.shared()
        name = "magenta\(scratch.root.suffix(8).lowercased())"
        token = (0..<4).map { _ in UUID().uuidString }.joined()
        _ = try await engine.images.magenta(engine)
        let image = try await engine.images.host(engine)

        // Readable by their owner alone, as they are where people work.
        let home = try scratch.folder("home")
        let tokenFile = try scratch.write("\(token)\n", to: "magenta_token")
        _ = try SampleMemory.write(in: scratch)
        let config = try scratch.folder("claude")
        try FileManager.default.moveItem(atPath: scratch.path("transcripts"), toPath: "\(config)/projects")
        try await engine.docker(["-R", "\(Self.user):\(Self.user)", home, tokenFile, config], program: "chown")
        try await engine.docker(["-R", "go=", home, tokenFile, config], program: "chmod")

        let mounts = stride(from: 1, to: DockerImages.hostOptions(scratch).count, by: 2).map {
            "      - \"\(DockerImages.hostOptions(scratch)[$0])\"\n"
        }
        let client = """
            services:
              claude:
                image: \(image)
                environment:
                  HOME: \(home)
                  HTTP_PROXY: "http://127.0.0.1:9"
                command:
                  - sh
                  - -c
                  - |
                    curl -so /dev/null -m 5 -w '%{http_code}\\n' http://\(file.host):8000/health >\(home)/first-answer
                    trap exit TERM
                    sleep 600 &
                    wait
                volumes:

            """
        let override = try scratch.write(client + mounts.joined(), to: "client.yaml")
        arguments = ["-p", name, "-f", "\(Components.package)/deploy/\(file.rawValue)", "-f", override, "--profile", "client"]
        environment = [
            "MAGENTA_UID": "\(Self.user)", "MAGENTA_GID": "\(Self.user)", "MAGENTA_TOKEN_FILE": tokenFile, "CLAUDE_CONFIG_DIR": config,
            "COMPOSE_DOCKER_CLI_BUILD": "0",
        ]
    }

    @discardableResult
    private func compose(_ command: [String]) async throws -> String {
        try await engine.docker(arguments + command, program: "docker-compose", environment: environment, within: .seconds(120))
    }

    /// `up`, `body`, `down`.
    func whileUp(_ body: () async throws -> Void) async throws {
        do {
            try await compose(["up", "-d", "--build"])
            try await body()
        } catch {
            let log = (try? await compose(["logs", "--tail", "40"])) ?? ""
            _ = try? await compose(["down", "-v", "-t", "5"])
            throw TestFailure("\(error)\nthe containers wrote:\n\(log.suffix(3000))")
        }
        try await compose(["down", "-v"])
    }

    private func container(_ service: String) async throws -> DockerContainer {
        DockerContainer(engine: engine, name: try await compose(["ps", "-q", service]))
    }

    /// In the client's container, as its user.
    func claudeCode() async throws -> ClaudeCode {
        let client = try await container("claude")
        return try ClaudeCode(in: scratch, home: scratch.path("home")) { try client.start($0, $1, in: scratch) }
    }

    /// Nobody gets in without the token.
    func expectRefusal(of claude: ClaudeCode, _ url: String) async throws {
        let stranger = ClaudeCode.Entry("stranger", "http", url, headers: ["Authorization": "Bearer \(UUID().uuidString)"])
        let state = try await claude.states(of: [stranger])["stranger"]
        #expect(state?.contains("401") == true, "\(state ?? "not listed")")
    }

    /// The server answers on Docker's host, on each loopback address.
    func expectPublished() async throws {
        for address in file.published {
            let url = "http://\(address):8000/health"
            let curl = try engine.startOnHost(["curl", "-gsS", "-m", "10", "-w", "%{http_code}", "-o", "/dev/null", url], [:], in: scratch)
            try await curl.exit(within: .seconds(20))
            #expect(curl.outputText == "200", "\(url): \(curl.errorText)")
        }
    }

    /// What the file promises of the server's container holds in it.
    func expectHardened() async throws {
        let server = try await container("mcp-server")
        #expect(try await server.inspect("{{.State.Health.Status}} {{.Config.User}}") == "healthy \(Self.user):\(Self.user)")
        let state = try await server.inspect(
            "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{.HostConfig.Privileged}}")
        #expect(state == "true [ALL] [no-new-privileges:true] false")
    }
}
