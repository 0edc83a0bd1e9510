import BinaryTesting
import JSON
import Testing

/// Clients that others wrote, against the real binary: every type on every path by every name of this machine.
@Suite("Clients of others", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct ForeignClientTests {
    static let paths = ["/mcp", "/sse", "/"]

    @Test(
        "The official Python SDK 1.x connects, lists and calls",
        .enabled(if: Components.pythonSDK(1) != nil, "no Python SDK 1.x: scripts/bootstrap --tests installs it"),
        arguments: ["http", "sse", "stdio"])
    func python1(transport: String) async throws {
        try await check(python: 1, transport, revision: "2025-11-25")
    }

    @Test(
        "The official Python SDK 2.x connects, lists and calls",
        .enabled(if: Components.pythonSDK(2) != nil, "no Python SDK 2.x: scripts/bootstrap --tests installs it"),
        arguments: [("http", "2026-07-28"), ("sse", "2025-11-25"), ("stdio", "2026-07-28")])
    func python2(transport: String, revision: String) async throws {
        try await check(python: 2, transport, revision: revision)
    }

    @Test(
        "Node's fetch connects, lists and calls", .enabled(if: Components.node != nil, "no node: scripts/bootstrap --tests installs it"),
        arguments: ["http", "sse"])
    func node(transport: String) async throws {
        let node = try #require(Components.node)
        try await withZoo { scratch, store in
            try await compare(transport, command: [node, Self.script("fetch.mjs")], revision: "2025-11-25", scratch, store)
        }
    }

    private func check(python line: Int, _ transport: String, revision: String) async throws {
        let python = try #require(Components.pythonSDK(line))
        try await withZoo { scratch, store in
            try await compare(transport, command: [python, Self.script("sdk_client.py")], revision: revision, scratch, store)
        }
    }

    private func compare(_ transport: String, command: [String], revision: String, _ scratch: Scratch, _ store: String) async throws {
        if transport == "stdio" {
            let binary = try #require(Components.magenta)
            let check: JSONValue = [
                "transport": "stdio", "command": [.string(binary), "stdio", "--store", .string(store), "--no-watch"],
                "environment": ["HOME": .string(try scratch.folder("home"))],
            ]
            try await see([check], command, revision, scratch)
            return
        }
        try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
            let checks = Loopback.all.flatMap { host in
                Self.paths.map { path -> JSONValue in
                    ["transport": .string(transport), "url": .string("http://\(host.inURL):\(server.port)\(path)")]
                }
            }
            try await see(checks, command, revision, scratch)
        }
    }

    /// Runs the script over `checks` and compares what it saw with the zoo.
    private func see(_ checks: [JSONValue], _ command: [String], _ revision: String, _ scratch: Scratch) async throws {
        let order: JSONValue = ["checks": .array(checks), "tool": "search_messages", "arguments": Zoo.search]
        let process = try ChildProcess(
            command + [order.description], environment: ["HOME": scratch.root, "PATH": "/usr/local/bin:/usr/bin:/bin"], in: scratch)
        try await process.exit(within: .seconds(120))
        let seen = try JSONReader().read(process.output).array ?? []
        #expect(seen.count == checks.count, "the script said: \(process.errorText.suffix(1000))")
        for (check, answer) in zip(checks, seen) {
            let place = Comment(rawValue: "\(check["url"]?.string ?? "stdio"): \(answer["error"]?.string ?? "")")
            #expect(answer["server"]?.string == "magenta-memory", place)
            #expect(answer["revision"]?.string == revision, place)
            #expect(answer["tools"]?.array?.compactMap(\.string) == Zoo.tools, place)
            #expect(answer["isError"]?.bool == false, place)
            #expect(answer["structured"]?.messageIDs == Zoo.found, place)
        }
    }

    private static func script(_ name: String) -> String { "\(Components.package)/Tests/Interop/\(name)" }
}

/// The ways to name this machine; `::1` only where it has one.
enum Loopback: String, CaseIterable {
    case ipv4 = "127.0.0.1"
    case ipv6 = "::1"
    case name = "localhost"

    static let all = allCases.filter { $0 != .ipv6 || Components.hasIPv6Loopback }

    var inURL: String { self == .ipv6 ? "[::1]" : rawValue }
}
