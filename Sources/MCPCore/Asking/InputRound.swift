import Access
import Crypto
import JSON
import Synchronization

/// One round of a request that asks (2026-07-28, multi round-trip requests): what was answered so far, and what is asked next.
final class InputRound: Sendable {
    /// What a sealed state says, once it was opened and found to belong here.
    struct Kept {
        var answers: JSONObject = [:]
        var state: JSONValue?
    }

    private let kept: Kept
    private let given: JSONObject
    private let seal: RequestStateSeal
    private let binding: RequestStateSeal.Binding
    /// The answers that this run asked for and got; they travel on with the next questions.
    private let used = Mutex(JSONObject())

    var state: JSONValue? { kept.state }

    /// - Throws: -32602 where `requestState` was changed, has expired, or belongs to another request or caller.
    init(_ params: JSONObject, seal: RequestStateSeal, binding: RequestStateSeal.Binding) throws(JSONRPCError) {
        switch params["requestState"] {
        case nil, .null: kept = Kept()
        case .string(let text):
            guard let opened = seal.open(text, for: binding) else {
                throw JSONRPCError(
                    .invalidParams,
                    "requestState is not what this server gave for this request, or it has expired; send the request again without it.")
            }
            kept = Kept(answers: opened["answers"]?.object ?? JSONObject(), state: opened["state"])
        case .some(let other):
            throw JSONRPCError(.invalidParams, "requestState must be a string, not \(other.kindName).")
        }
        // Malformed answers are none: what is missing is asked for again.
        given = params["inputResponses"]?.object ?? JSONObject()
        self.seal = seal
        self.binding = binding
    }

    func answers(
        to questions: [(key: String, question: ClientQuestion)], state: JSONValue?, revision: Revision
    ) throws -> [String: JSONObject] {
        var answers: [String: JSONObject] = [:]
        var open: [(key: String, question: ClientQuestion)] = []
        for (key, question) in questions {
            let answer = given[key] ?? kept.answers[key]
            if let answer, question.complaint(about: answer) == nil, let object = answer.object {
                answers[key] = object
                used.withLock { $0[key] = answer }
            } else {
                open.append((key, question))
            }
        }
        guard !open.isEmpty else { return answers }
        let kept = used.withLock { $0 }
        var token: String?
        if !kept.isEmpty || state != nil {
            var content: JSONObject = ["answers": .object(kept)]
            if let state { content["state"] = state }
            token = try seal.seal(content, for: binding)
        }
        throw InputRequired(
            requests: JSONObject(
                open.map { key, question in
                    .init(key: key, value: ["method": .string(question.method), "params": .object(question.params(for: revision))])
                }), state: token)
    }
}

/// Thrown through a handler whose questions go to the client as the result of its request.
struct InputRequired: Error {
    var requests: JSONObject
    var state: String?

    var members: JSONObject {
        var members: JSONObject = ["resultType": "input_required", "inputRequests": .object(requests)]
        if let state { members["requestState"] = .string(state) }
        return members
    }
}
