import FoundationEssentials
import JSON

/// A task as its store keeps it: where it stands, what it waits for, what it came to.
struct TaskRecord: Sendable {
    /// Which of the two designs the client knows. They differ in names, and in what a failed tool makes of a task.
    enum Form: Sendable {
        /// 2025-11-25, `params.task`.
        case core
        /// 2026-07-28, `io.modelcontextprotocol/tasks`.
        case `extension`
    }

    enum Status: String, Sendable {
        case working
        case inputRequired = "input_required"
        case completed
        case failed
        case cancelled

        var isTerminal: Bool { self == .completed || self == .failed || self == .cancelled }
    }

    let id: String
    let form: Form
    let principal: String
    /// Milliseconds since 1970.
    let created: Int64
    /// Milliseconds.
    let lifetime: Int
    let pollInterval: Int
    var updated: Int64
    var status = Status.working
    var message: String?
    /// What is asked and not answered yet, in the order in which it was asked.
    var questions: [(key: String, question: ClientQuestion)] = []
    var outcome: Result<JSONObject, JSONRPCError>?

    var expires: Int64 { created &+ Int64(lifetime) }

    /// The fields of 2025-11-25.
    var coreFields: JSONObject {
        var fields = common
        fields["ttl"] = .integer(Int64(lifetime))
        fields["pollInterval"] = .integer(Int64(pollInterval))
        return fields
    }

    /// The fields of the extension, with what belongs to the status; a created task shows none of that.
    func extensionFields(isCreated: Bool, revision: Revision) -> JSONObject {
        var fields = common
        fields["ttlMs"] = .integer(Int64(lifetime))
        fields["pollIntervalMs"] = .integer(Int64(pollInterval))
        guard !isCreated else { return fields }
        switch (status, outcome) {
        case (.inputRequired, _):
            fields["inputRequests"] = .object(
                JSONObject(
                    questions.map { key, question in
                        .init(key: key, value: ["method": .string(question.method), "params": .object(question.params(for: revision))])
                    }))
        case (.completed, .success(let result)?): fields["result"] = .object(result)
        case (.failed, .failure(let error)?): fields["error"] = error.json
        default: break
        }
        return fields
    }

    private var common: JSONObject {
        var fields: JSONObject = ["taskId": .string(id), "status": .string(status.rawValue)]
        if let message { fields["statusMessage"] = .string(message) }
        fields["createdAt"] = .string(Self.text(created))
        fields["lastUpdatedAt"] = .string(Self.text(updated))
        return fields
    }

    /// ISO 8601 with milliseconds, in UTC.
    private static func text(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
