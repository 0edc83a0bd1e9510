import BinaryTesting
import JSON
import ReachTesting
import Testing

/// The clients of the Docker part of the matrix. Each asks magenta for the message of ``SampleMemory`` and gets it.
enum ContainerClient: String, CaseIterable, CustomTestStringConvertible {
    case curl
    case node = "Node fetch"
    case python = "Python SDK"
    case list = "Claude Code mcp list"
    case session = "Claude Code -p"

    var testDescription: String { rawValue }

    /// What this machine lacks for it; `nil` where nothing is missing.
    var missing: String? {
        switch self {
        case .curl: Components.program("curl") == nil ? "no curl" : nil
        case .node: Components.node == nil ? "no node" : nil
        case .python: Components.pythonSDK(2) == nil ? "no Python SDK 2.x" : nil
        case .list, .session: ClaudeCode.missing
        }
    }

    /// One way to the server, and the cell that it fills.
    struct Way {
        var cell: ReachCell
        var url: String

        init(_ network: String, _ client: ContainerClient, _ address: String, host: String, transport: String, port: Int = 8000) {
            cell = ReachCell(network: network, address: address, transport: transport, client: client.rawValue)
            let literal = host.contains(":") ? "[\(host)]" : host
            url = "http://\(literal):\(port)\(transport == "sse" ? "/sse" : "/mcp")"
        }
    }

    /// Runs over every pair of an address and a transport, expects each to be good, and records those that are.
    func reach(
        in network: String, _ addresses: [(name: String, host: String)], from start: @escaping ClaudeCode.Start, _ scratch: Scratch
    ) async throws {
        let ways = addresses.flatMap { address in
            ["http", "sse"].map { Way(network, self, address.name, host: address.host, transport: $0) }
        }
        for (way, failure) in zip(ways, try await failures(of: ways, from: start, scratch)) {
            #expect(failure == nil, "\(way.cell)")
            if failure == nil { way.cell.record() }
        }
    }

    /// Per way, why it failed; `nil` where it did not.
    private func failures(of ways: [Way], from start: @escaping ClaudeCode.Start, _ scratch: Scratch) async throws -> [String?] {
        switch self {
        case .curl:
            var failures: [String?] = []
            for way in ways {
                let process = try start(["/bin/sh", Self.script("curl.sh"), way.cell.transport, way.url], [:])
                try await process.exit(within: .seconds(40))
                failures.append(process.outputText.contains(SampleMemory.messageID) ? nil : process.errorText + process.outputText)
            }
            return failures
        case .node:
            return try await seen(by: [Components.node ?? "node", Self.script("fetch.mjs")], ways, start)
        case .python:
            return try await seen(by: [Components.pythonSDK(2) ?? "python3", Self.script("sdk_client.py")], ways, start)
        case .list:
            let states = try await ClaudeCode(in: scratch, start: start).states(of: Self.entries(ways))
            return Self.entries(ways).map { states[$0.name] == ClaudeCode.connected ? nil : states[$0.name] ?? "not listed" }
        case .session:
            let entries = Self.entries(ways)
            let steps = entries.map { ClaudeCode.Step.call($0.tool(SampleMemory.tool), SampleMemory.arguments) }
            let session = try ClaudeCode(in: scratch, start: start).session(entries, steps + [.say("Done.")])
            let results = try await session.finish()
            return ways.indices.map { index in
                guard let result = results.first(where: { $0.step == index }) else { return "no result" }
                return !result.isError && result.text.contains(SampleMemory.messageID) ? nil : result.text
            }
        }
    }

    private static func entries(_ ways: [Way]) -> [ClaudeCode.Entry] {
        ways.enumerated().map { ClaudeCode.Entry("way\($0.offset)", $0.element.cell.transport, $0.element.url) }
    }

    /// A handshake, tools/list and tools/call by one of the scripts of Tests/Interop.
    private func seen(by command: [String], _ ways: [Way], _ start: ClaudeCode.Start) async throws -> [String?] {
        let checks = ways.map { way -> JSONValue in ["transport": .string(way.cell.transport), "url": .string(way.url)] }
        let order: JSONValue = ["checks": .array(checks), "tool": .string(SampleMemory.tool), "arguments": SampleMemory.arguments]
        let process = try start(command + [order.description], [:])
        try await process.exit(within: .seconds(90))
        guard let answers = try? JSONReader().read(process.output).array, answers.count == ways.count else {
            throw TestFailure("\(rawValue) printed \(process.outputText.suffix(1000)) \(process.errorText.suffix(1000))")
        }
        return answers.map { answer in
            let found = answer["structured"]?["messages"]?.array?.compactMap { $0["id"]?.string }
            return answer["isError"]?.bool == false && found == [SampleMemory.messageID] ? nil : answer.description
        }
    }

    private static func script(_ name: String) -> String { "\(Components.package)/Tests/Interop/\(name)" }
}

/// The conditions of the suites that need a Docker engine.
enum Needs {
    static let docker = Comment(rawValue: DockerEngine.missing ?? "the Docker engine did not start; why stands in the output")

    static func client(_ client: ContainerClient) -> Comment { Comment(rawValue: client.missing ?? "") }
}
