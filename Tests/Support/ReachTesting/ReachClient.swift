import BinaryTesting
import JSON

/// One address to reach the server by, over one transport.
package struct Visit: Sendable, Hashable {
    package enum Transport: String, CaseIterable, Sendable {
        case http
        case sse

        /// The path that a user would write for it.
        package var path: String { self == .http ? "/mcp" : "/sse" }
    }

    package var transport: Transport
    package var url: String

    /// - Parameter address: a literal as `::1`, or a name.
    package init(_ transport: Transport, _ address: String, port: Int = 8000) {
        self.transport = transport
        url = "http://\(address.contains(":") ? "[\(address)]" : address):\(port)\(transport.path)"
    }
}

/// A program that others wrote, as a client of magenta.
package protocol ReachClient: Sendable {
    /// As docs/network.md calls it.
    static var name: String { get }
    /// What this machine lacks for it; `nil` where nothing is missing.
    static var missing: String? { get }

    init()

    /// Reaches the server by each of `visits` from `host`, asks it for something and looks at the result.
    ///
    /// - Returns: per visit, why it failed; `nil` where it did not.
    func failures(of visits: [Visit], from host: NetworkHost, environment: [String: String]) async throws -> [String?]
}

/// A POST of server/discover, or a GET of the event stream up to its first event, by curl.
package struct Curl: ReachClient {
    package static let name = "curl"
    package static let missing = Components.program("curl") == nil ? "no curl: scripts/bootstrap --tests installs it" : nil

    package init() {}

    package func failures(of visits: [Visit], from host: NetworkHost, environment: [String: String]) async throws -> [String?] {
        var failures: [String?] = []
        for visit in visits {
            do {
                switch visit.transport {
                case .http: try await discover(visit.url, from: host, environment)
                case .sse: try await open(visit.url, from: host, environment)
                }
                failures.append(nil)
            } catch { failures.append("\(error)") }
        }
        return failures
    }

    private func discover(_ url: String, from host: NetworkHost, _ environment: [String: String]) async throws {
        let output = try await host.output(of: Self.discover(url), environment: environment)
        let name = try JSONReader().read(output)["result"]?["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"]
        guard name?.string == "magenta-memory" else { throw TestFailure("POST \(url) gave \(output)") }
    }

    /// The command line of a server/discover of revision 2026-07-28.
    package static func discover(_ url: String) -> [String] {
        let meta: JSONValue = [
            "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [:],
            "io.modelcontextprotocol/clientInfo": ["name": "curl", "version": "1"],
        ]
        let message: JSONValue = ["jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": ["_meta": meta]]
        let headers = [
            "Content-Type: application/json", "Accept: application/json, text/event-stream", "MCP-Protocol-Version: 2026-07-28",
            "Mcp-Method: server/discover",
        ]
        return ["curl", "-gsS", "-m", "20"] + headers.flatMap { ["-H", $0] } + ["-d", message.description, url]
    }

    private func open(_ url: String, from host: NetworkHost, _ environment: [String: String]) async throws {
        let curl = try host.start(Self.stream(url), environment: environment)
        try await eventually(within: .seconds(20), "the endpoint event of \(url)") {
            var parser = EventParser()
            parser.feed(curl.output)
            if let first = parser.parsed.first, first.type == "endpoint", first.data.contains("session_id=") { return () }
            if let status = curl.exitStatus { throw TestFailure("GET \(url): \(status) \(curl.errorText) \(curl.outputText)") }
            return nil
        }
    }

    package static func stream(_ url: String) -> [String] {
        ["curl", "-gsSN", "-m", "20", "-H", "Accept: text/event-stream", url]
    }
}

/// A handshake, tools/list and tools/call by one of the scripts of Tests/Interop.
private func failures(
    of visits: [Visit], by command: [String], from host: NetworkHost, environment: [String: String]
) async throws -> [String?] {
    let checks = visits.map { visit -> JSONValue in ["transport": .string(visit.transport.rawValue), "url": .string(visit.url)] }
    let order: JSONValue = ["checks": .array(checks), "tool": "search_messages", "arguments": ["query": "zebra"]]
    let output = try await host.output(of: command + [order.description], environment: environment, within: .seconds(120))
    guard let seen = try JSONReader().read(output).array, seen.count == visits.count else {
        throw TestFailure("\(command) printed \(output.prefix(1000))")
    }
    return seen.map { answer in
        let isGood =
            answer["server"]?.string == "magenta-memory" && answer["tools"]?.array?.contains("search_messages") == true
            && answer["isError"]?.bool == false && answer["structured"]?["messages"]?.array?.isEmpty == true
        return isGood ? nil : answer["error"]?.string ?? answer.description
    }
}

/// Node's own `fetch`, with no MCP library.
package struct NodeFetch: ReachClient {
    package static let name = "Node fetch"
    package static let missing = Components.node == nil ? "no node: scripts/bootstrap --tests installs it" : nil

    package init() {}

    package func failures(of visits: [Visit], from host: NetworkHost, environment: [String: String]) async throws -> [String?] {
        let command = [Components.node ?? "node", "\(Components.package)/Tests/Interop/fetch.mjs"]
        return try await ReachTesting.failures(of: visits, by: command, from: host, environment: environment)
    }
}

/// The newest official Python SDK.
package struct PythonSDK: ReachClient {
    package static let name = "Python SDK"
    package static let missing =
        Components.pythonSDK(2) == nil ? "no Python SDK 2.x: scripts/bootstrap --tests installs it" : nil

    package init() {}

    package func failures(of visits: [Visit], from host: NetworkHost, environment: [String: String]) async throws -> [String?] {
        let command = [Components.pythonSDK(2) ?? "python3", "\(Components.package)/Tests/Interop/sdk_client.py"]
        return try await ReachTesting.failures(of: visits, by: command, from: host, environment: environment)
    }
}
