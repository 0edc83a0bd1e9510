import Access
import BinaryTesting
import HTTPService
import JSON
import Listeners
import Logging
import MCPCore
import MCPHTTP
import MCPTesting
import ServiceLifecycle

/// An endpoint on a loopback socket for the time of a test.
struct RunningEndpoint: Sendable {
    let port: Int
    private let group: ServiceGroup

    static let key = ServerKey([UInt8](repeating: 7, count: 32)) ?? .random()

    func stop() async { await group.triggerGracefulShutdown() }

    static func with<Value: Sendable>(
        tools: [Tool] = [], limits: EndpointLimits = EndpointLimits(), key: ServerKey = RunningEndpoint.key,
        records: any SessionRecords = SessionRecordsInMemory(), authenticator: any Authenticator = OpenAccess(),
        now: (@Sendable () -> UInt32)? = nil, _ body: @escaping @Sendable (RunningEndpoint) async throws -> Value
    ) async throws -> Value {
        let endpoint = MCPEndpoint(
            server: try FixtureServer.make(more: tools, key: key), records: records, limits: limits, now: now)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let configuration = ServiceConfiguration(product: "test", authenticator: authenticator, accessLog: nil, logger: logger)
        let listeners = try ListenerBinding.bind(BindPlan([.literal(.loopback4, port: 0)])).listeners
        let serving = Signal()
        let service = HTTPService(
            listeners: listeners, router: Router(endpoint.routes, fallback: endpoint.unknownPathRoute), configuration: configuration
        ) { serving.raise() }
        let group = ServiceGroup(services: [endpoint, service], logger: logger)
        return try await withThrowingTaskGroup(of: Value?.self) { tasks in
            tasks.addTask {
                defer { serving.raise() }
                try await group.run()
                return nil
            }
            tasks.addTask {
                await serving.wait()
                let running = RunningEndpoint(port: Int(listeners[0].port ?? 0), group: group)
                do {
                    let value = try await body(running)
                    await group.triggerGracefulShutdown()
                    return value
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
            }
            var value: Value?
            for try await result in tasks { value = result ?? value }
            guard let value else { throw CancellationError() }
            return value
        }
    }

    // MARK: What clients send

    typealias Headers = [(String, String)]

    static let standard: Headers = [("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream")]

    func post(_ body: String, _ headers: Headers = [], path: String = "/mcp", standard: Headers = RunningEndpoint.standard) async throws -> HTTPAnswer
    {
        let overridden = headers.map { $0.0.lowercased() }
        let kept = standard.filter { !overridden.contains($0.0.lowercased()) }
        return try await exchange(HTTPCall("POST", path, headers: kept + headers, body: Array(body.utf8)), "127.0.0.1", port)
    }

    func send(_ method: String, _ headers: Headers = [], path: String = "/mcp") async throws -> HTTPAnswer {
        try await exchange(HTTPCall(method, path, headers: headers), "127.0.0.1", port)
    }

    static func initialize(_ revision: String) -> String {
        #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"\#(revision)","capabilities":{"sampling":{}},"clientInfo":{"name":"t","version":"1"}}}"#
    }

    static func call(_ id: Int, _ tool: String = "greet", meta: String? = nil) -> String {
        let meta = meta.map { #","_meta":\#($0)"# } ?? ""
        return #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)"\#(meta)}}"#
    }

    static let initialized = #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#

    /// Opens a session and gives back the headers that its requests carry.
    func session(_ revision: Revision = .v2025_11_25, headers: Headers = []) async throws -> Headers {
        let answer = try await post(Self.initialize(revision.rawValue), headers)
        guard let id = answer.head["mcp-session-id"] else { throw TestFailure("no session id: \(answer.status) \(answer.text)") }
        return [("Mcp-Session-Id", id)] + (revision >= .v2025_06_18 ? [("MCP-Protocol-Version", revision.rawValue)] : [])
    }

    // MARK: 2026-07-28

    static func metadata(version: String = "2026-07-28", more: String = "") -> String {
        #"{"io.modelcontextprotocol/protocolVersion":"\#(version)","io.modelcontextprotocol/clientCapabilities":{}\#(more)}"#
    }

    static func modern(_ method: String, _ params: String = "", id: Int = 1, version: String = "2026-07-28", more: String = "") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":{\#(params)\#(params.isEmpty ? "" : ",")"_meta":\#(metadata(version: version, more: more))}}"#
    }

    static func modernHeaders(_ method: String, name: String? = nil, version: String = "2026-07-28") -> Headers {
        [("MCP-Protocol-Version", version), ("Mcp-Method", method)] + (name.map { [("Mcp-Name", $0)] } ?? [])
    }
}
