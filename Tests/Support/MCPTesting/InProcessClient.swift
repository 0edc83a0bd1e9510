package import Access
package import JSON
package import MCPCore
import Synchronization

/// A client of any revision in the process of its server, with no transport in between: what it sends and gets goes through JSON
/// bytes all the same.
package struct InProcessClient: Sendable {
    package let server: MCPServer
    package let revision: Revision
    package let principal: Principal
    package let capabilities: JSONObject
    private let conversation: LegacyConversation?
    private let ids = Counter()
    private let answer: Answer

    /// What the client answers to a question of a legacy server.
    package typealias Answer = @Sendable (_ method: String, _ params: JSONObject) async throws -> JSONValue

    /// Opens the conversation the way the revision asks for.
    package init(
        _ server: MCPServer, revision: Revision = .newest, capabilities: JSONObject = JSONObject(), principal: Principal = .local,
        answer: @escaping Answer = { method, _ in throw ClientUnreachable("nobody answers \(method)") }
    ) throws {
        self.server = server
        self.answer = answer
        self.revision = revision
        self.principal = principal
        self.capabilities = capabilities
        guard revision.isLegacy else {
            conversation = nil
            return
        }
        let request = JSONRPCRequest(
            id: "initialize", method: "initialize",
            params: [
                "protocolVersion": .string(revision.rawValue), "capabilities": .object(capabilities),
                "clientInfo": ["name": "in-process", "version": "1"],
            ])
        conversation = try LegacyConversation(initialize: request)
    }

    /// What came back for one request, in order.
    package struct Exchange: Sendable {
        package var notifications: [JSONValue]
        package var response: JSONValue

        package var result: JSONValue? { response["result"] }
        package var error: JSONValue? { response["error"] }
    }

    /// Sends a request and gathers what comes back.
    package func exchange(_ method: String, _ params: JSONObject = JSONObject(), id: RequestID? = nil) async throws -> Exchange {
        let id = id ?? .integer(ids.next())
        var params = params
        if !revision.isLegacy {
            var meta = params["_meta"]?.object ?? JSONObject()
            meta[RequestMetadata.versionKey] = .string(revision.rawValue)
            meta["io.modelcontextprotocol/clientInfo"] = ["name": "in-process", "version": "1"]
            meta["io.modelcontextprotocol/clientCapabilities"] = .object(capabilities)
            params["_meta"] = .object(meta)
        }
        let sent: JSONValue = ["jsonrpc": "2.0", "id": id.json, "method": .string(method), "params": .object(params)]
        guard case .request(let request) = try JSONRPCMessage.read(JSONWriter.bytes(of: sent)) else {
            throw Unexpected("the client made something that is no request")
        }
        let received = Received()
        let outlet = Channel(received: received, answer: answer)
        let context =
            if let conversation {
                conversation.context(for: request, principal: principal, channel: outlet)
            } else {
                try RequestContext(
                    request, metadata: RequestMetadata(readingFrom: request.params), principal: principal, channel: outlet)
            }
        let response = await server.respond(to: request, in: context)
        return Exchange(
            notifications: try received.all().map { try JSONReader().read($0) }, response: try JSONReader().read(response.bytes))
    }

    /// The result of a request.
    ///
    /// - Throws: ``JSONRPCError`` where the answer is one.
    @discardableResult
    package func request(_ method: String, _ params: JSONObject = JSONObject()) async throws -> JSONValue {
        let exchange = try await exchange(method, params)
        if let error = exchange.error {
            throw JSONRPCError(
                ErrorCode(rawValue: Int(error["code"]?.integer ?? 0)), error["message"]?.string ?? "", data: error["data"])
        }
        guard let result = exchange.result else { throw Unexpected("the answer has neither a result nor an error") }
        return result
    }

    /// Calls a tool.
    @discardableResult
    package func call(_ tool: String, _ arguments: JSONObject? = nil) async throws -> JSONValue {
        var params: JSONObject = ["name": .string(tool)]
        if let arguments { params["arguments"] = .object(arguments) }
        return try await request("tools/call", params)
    }

    package struct Unexpected: Error {
        package var what: String
        init(_ what: String) { self.what = what }
    }

    private struct Channel: ClientChannel {
        let received: Received
        let answer: Answer

        func send(_ notification: JSONRPCNotification) { received.append(notification.bytes) }
        func ask(_ method: String, _ params: JSONObject) async throws -> JSONValue { try await answer(method, params) }
        func remember(_ setting: ClientSetting) async throws(JSONRPCError) {}
    }

    private final class Counter: Sendable {
        private let value = Mutex(Int64(0))

        func next() -> Int64 {
            value.withLock { value in
                value += 1
                return value
            }
        }
    }

    private final class Received: Sendable {
        private let messages = Mutex<[[UInt8]]>([])

        func append(_ bytes: [UInt8]) { messages.withLock { $0.append(bytes) } }
        func all() -> [[UInt8]] { messages.withLock { $0 } }
    }
}
