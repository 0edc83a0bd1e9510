import Access
import JSON

/// `tasks/*`: the core form of 2025-11-25, and the extension of 2026-07-28. The two share a store and nothing else.
struct TaskMethods: Sendable {
    static let extensionID = "io.modelcontextprotocol/tasks"
    private static let relatedKey = "io.modelcontextprotocol/related-task"

    let tasks: TaskStore
    let pagination: Pagination
    /// Whether `tasks/list` exists: only where principals are told apart, since a task's id is all that protects it elsewhere.
    let isListed: Bool
    let isOffered: @Sendable () -> Bool

    var feature: Feature {
        var methods = [
            Method("tasks/get", serves: Self.hasTasks) { params, context in try get(params, context) },
            Method("tasks/cancel", serves: Self.hasTasks) { params, context in try cancel(params, context) },
            Method("tasks/result", serves: { $0 == .v2025_11_25 }) { params, context in try await result(params, context) },
            Method("tasks/update", serves: { !$0.isLegacy }) { params, context in try update(params, context) },
        ]
        if isListed { methods.append(Method("tasks/list", serves: { $0 == .v2025_11_25 }) { params, context in try list(params, context) }) }
        return Feature(methods: methods, isOffered: isOffered) { revision in
            guard revision == .v2025_11_25 else { return nil }
            var capability: JSONObject = ["cancel": [:], "requests": ["tools": ["call": [:]]]]
            if isListed { capability["list"] = [:] }
            return JSONObject.Member(key: "tasks", value: .object(capability))
        }
    }

    private static func hasTasks(_ revision: Revision) -> Bool { revision >= .v2025_11_25 }

    /// Whether the client of a request of 2026-07-28 knows tasks.
    static func isDeclared(by capabilities: JSONObject) -> Bool { capabilities["extensions"]?[extensionID]?.object != nil }

    static let notDeclared = JSONRPCError(
        .missingCapability, "This needs a client that declares the extension \(extensionID).",
        data: ["requiredCapabilities": ["extensions": [extensionID: [:]]]])

    private func get(_ params: JSONObject, _ context: RequestContext) throws(JSONRPCError) -> MethodResult {
        let record = try record(params, context, method: "tasks/get")
        return MethodResult(
            context.revision.isLegacy ? record.coreFields : record.extensionFields(isCreated: false, revision: context.revision))
    }

    private func cancel(_ params: JSONObject, _ context: RequestContext) throws(JSONRPCError) -> MethodResult {
        let record = try record(params, context, method: "tasks/cancel")
        if context.revision.isLegacy, record.status.isTerminal {
            throw JSONRPCError(.invalidParams, "The task has ended already as \(record.status.rawValue), so it cannot be cancelled.")
        }
        tasks.run(record.id)?.cancel()
        guard context.revision.isLegacy else { return MethodResult() }
        return MethodResult((tasks.peek(record.id) ?? record).coreFields)
    }

    private func list(_ params: JSONObject, _ context: RequestContext) throws(JSONRPCError) -> MethodResult {
        let (page, nextCursor) = try pagination.page(of: tasks.records(of: context.principal.name), params: params) { $0.id }
        var members: JSONObject = ["tasks": .array(page.map { .object($0.coreFields) })]
        if let nextCursor { members["nextCursor"] = .string(nextCursor) }
        return MethodResult(members)
    }

    private func update(_ params: JSONObject, _ context: RequestContext) throws(JSONRPCError) -> MethodResult {
        let record = try record(params, context, method: "tasks/update")
        guard case .object(let answers)? = params["inputResponses"] else {
            throw JSONRPCError(.invalidParams, "tasks/update needs \"inputResponses\", an object with an answer for each key that was asked.")
        }
        if let complaint = tasks.run(record.id)?.take(answers) {
            throw JSONRPCError(.invalidParams, "An answer does not fit its question: \(complaint)")
        }
        return MethodResult()
    }

    /// Waits for the end of the task, asks over this request's stream what the task asks, and answers what the call itself would have.
    private func result(_ params: JSONObject, _ context: RequestContext) async throws -> MethodResult {
        var record = try record(params, context, method: "tasks/result")
        while !record.status.isTerminal {
            if let run = tasks.run(record.id), let question = record.questions.first(where: { run.claim($0.key) }) {
                let answer = try await run.whileClaimed(question.key) {
                    try await context.channel.ask(question.question.method, related(question.question.params(for: context.revision), record.id))
                }
                if let complaint = run.take([question.key: answer]) {
                    throw JSONRPCError(.invalidRequest, "The client's answer cannot be used: \(complaint)")
                }
            } else {
                await tasks.waitForChange(record.id, since: record)
            }
            try Task.checkCancellation()
            record = try self.record(params, context, method: "tasks/result")
        }
        switch record.outcome {
        case .success(let result)?: return MethodResult(related(result, record.id))
        case .failure(let error)?: throw error
        case nil: throw JSONRPCError.cancelled
        }
    }

    private func related(_ members: JSONObject, _ id: String) -> JSONObject {
        var members = members
        var meta = members["_meta"]?.object ?? JSONObject()
        meta[Self.relatedKey] = ["taskId": .string(id)]
        members["_meta"] = .object(meta)
        return members
    }

    private func record(_ params: JSONObject, _ context: RequestContext, method: String) throws(JSONRPCError) -> TaskRecord {
        if !context.revision.isLegacy, !Self.isDeclared(by: context.clientCapabilities) { throw Self.notDeclared }
        guard let id = params["taskId"]?.string else { throw JSONRPCError(.invalidParams, "\(method) needs \"taskId\", a string.") }
        guard let record = tasks.record(id, principal: context.principal.name), (record.form == .core) == context.revision.isLegacy else {
            throw JSONRPCError(.invalidParams, "There is no task \(id.prefix(64)), or it has expired.")
        }
        return record
    }
}
