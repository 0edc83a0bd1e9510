import Access
import FuzzRun
import JSON
import MCPCore
import Synchronization

/// The body of a POST: one message, or a batch that is sent one by one, to a new server in three eras.
///
/// A string `$task`, `$state` or `$cursor` in the parameters stands for what an earlier answer brought under that name, which no mutation
/// could guess; `answers` in the parameters has, by method, what the client answers to questions of the server.
struct ServerTarget: FuzzTarget {
    private let executor = InlineExecutor()
    private static let revisions: [Revision] = [.newest, .v2025_11_25, .v2024_11_05]

    func run(_ bytes: [UInt8]) {
        let messages: [Result<JSONRPCMessage, JSONRPCDecodingError>]
        do throws(JSONRPCDecodingError) {
            let message = try JSONRPCMessage.read(bytes)
            if case .batch(let elements) = message { messages = elements } else { messages = [.success(message)] }
        } catch {
            messages = [.failure(error)]
        }
        // Each message takes an answer in each era: no more of them than what an input of some size needs.
        guard messages.count <= 16 else { return }
        for revision in Self.revisions {
            let server = FuzzFixture.make()
            executor.run {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await server.run() }
                    // Tasks can begin only once somebody runs them.
                    await Task.yield()
                    await Conversation(server: server, revision: revision).exchange(messages)
                    group.cancelAll()
                }
            }
        }
    }
}

/// The client's side of one input in one era.
private final class Conversation: Sendable {
    private let server: MCPServer
    private let revision: Revision
    private let brought = Mutex<[String: JSONValue]>([:])
    private let reader = JSONReader(maximumDepth: 256, refusesDuplicateKeys: false)

    init(server: MCPServer, revision: Revision) {
        self.server = server
        self.revision = revision
    }

    func exchange(_ messages: [Result<JSONRPCMessage, JSONRPCDecodingError>]) async {
        for message in messages {
            switch message {
            case .failure(let error): check(Response(id: error.id, error.error), to: error.id)
            case .success(.request(let request)):
                await send(completed(request))
                // What the request began, such as a task, gets to its first question.
                for _ in 0..<8 { await Task.yield() }
            case .success(.notification(let notification)): checkLine(notification.bytes)
            case .success(.response), .success(.batch): break
            }
        }
    }

    private func send(_ request: JSONRPCRequest) async {
        do throws(JSONRPCError) {
            if request.method == "initialize" {
                let conversation = try LegacyConversation(initialize: request)
                check(conversation.welcome(to: request, from: server), to: request.id)
            } else {
                let context = try context(for: request)
                guard request.method == MCPServer.listen, !revision.isLegacy else {
                    return check(await server.respond(to: request, in: context), to: request.id)
                }
                let subscription = try server.subscribe(request, in: context)
                checkLine(subscription.acknowledgement.bytes)
                checkLine(subscription.farewell.bytes)
                subscription.end()
            }
        } catch {
            check(Response(id: request.id, error), to: request.id)
        }
    }

    private func context(for request: JSONRPCRequest) throws(JSONRPCError) -> RequestContext {
        let channel = Channel(conversation: self, answers: request.params["answers"]?.object ?? JSONObject())
        if revision.isLegacy {
            let conversation = LegacyConversation(revision: revision, clientCapabilities: FuzzFixture.everything)
            return conversation.context(for: request, principal: .local, channel: channel)
        }
        return try RequestContext(
            request, metadata: try RequestMetadata(readingFrom: request.params), principal: .local, channel: channel)
    }

    /// The request with what earlier answers brought, and with the metadata that its revision wants where it has none.
    private func completed(_ request: JSONRPCRequest) -> JSONRPCRequest {
        var request = request
        let known = brought.withLock { $0 }
        if case .object(let params) = Self.filled(.object(request.params), known) { request.params = params }
        if !revision.isLegacy, request.params["_meta"] == nil {
            request.params["_meta"] = [
                RequestMetadata.versionKey: .string(revision.rawValue),
                "io.modelcontextprotocol/clientCapabilities": .object(FuzzFixture.everything),
            ]
        }
        return request
    }

    private static func filled(_ value: JSONValue, _ known: [String: JSONValue]) -> JSONValue {
        switch value {
        case .string(let text): known[text] ?? value
        case .array(let elements): .array(elements.map { filled($0, known) })
        case .object(let object): .object(JSONObject(object.members.map { .init(key: $0.key, value: filled($0.value, known)) }))
        default: value
        }
    }

    private func check(_ response: Response, to id: RequestID?) {
        guard case .object(let message) = checkLine(response.bytes) else { found("a response that is no object") }
        guard message["id"] == id?.json else { found("the id of a response is not that of its request") }
        guard (message["result"] == nil) != (message["error"] == nil) else { found("not exactly one of result and error") }
        if let error = message["error"] {
            guard error["code"]?.integer != nil, error["message"]?.string?.isEmpty == false else { found("a malformed error") }
        }
        guard let result = message["result"] else { return }
        // `initialize` has no place in 2026-07-28; a transport never hands it over, so its answer is that of a legacy revision.
        let isModern = !revision.isLegacy && result["protocolVersion"] == nil
        guard (result["resultType"]?.string != nil) == isModern else { found("resultType is there in a legacy revision, or missing in a newer one") }
        let names = [
            "$task": result["taskId"] ?? result["task"]?["taskId"], "$state": result["requestState"], "$cursor": result["nextCursor"],
        ]
        brought.withLock { brought in
            for (name, value) in names { if let value { brought[name] = value } }
        }
    }

    /// One line of JSON, whatever the client put into it.
    @discardableResult
    func checkLine(_ bytes: [UInt8]) -> JSONValue {
        show(bytes)
        guard !bytes.contains(where: { $0 < 0x20 }) else { found("a message of more than one line") }
        do throws(JSONError) { return try reader.read(bytes) } catch { found("a message that is no JSON: \(error)") }
    }

    private struct Channel: ClientChannel {
        let conversation: Conversation
        let answers: JSONObject

        func send(_ notification: JSONRPCNotification) { conversation.checkLine(notification.bytes) }

        func ask(_ method: String, _ params: JSONObject) async throws -> JSONValue {
            conversation.checkLine(JSONWriter.bytes(of: .object(params)))
            guard let answer = answers[method] else { throw ClientUnreachable("Nobody answers.") }
            return answer
        }

        func remember(_ setting: ClientSetting) async throws(JSONRPCError) {}
    }
}
