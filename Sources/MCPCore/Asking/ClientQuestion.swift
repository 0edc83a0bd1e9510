import JSON

/// Something that a handler wants to know from the client: from its user, its model or its configuration.
public enum ClientQuestion: Sendable, Hashable {
    /// Asks the user.
    case elicitation(Elicitation)
    /// Asks the client's model. Deprecated in 2026-07-28, where it still works.
    case sampling(Sampling)
    /// Asks which directories the client works in. Deprecated in 2026-07-28, where it still works.
    case roots

    /// The method by which it is asked.
    public var method: String {
        switch self {
        case .elicitation: "elicitation/create"
        case .sampling: "sampling/createMessage"
        case .roots: "roots/list"
        }
    }

    /// The parameters as `revision` knows them.
    func params(for revision: Revision) -> JSONObject {
        switch self {
        case .elicitation(let elicitation): elicitation.params(for: revision)
        case .sampling(let sampling): sampling.params(for: revision)
        case .roots: JSONObject()
        }
    }

    /// The client capabilities without which it must not be asked, for a client that has declared others.
    func neededCapabilities(beside declared: JSONObject) -> JSONObject {
        switch self {
        case .elicitation(let elicitation):
            // An empty one means forms; beside another mode it has to be named.
            if case .url = elicitation.form {
                ["elicitation": ["url": [:]]]
            } else if declared["elicitation"] == nil {
                ["elicitation": [:]]
            } else {
                ["elicitation": ["form": [:]]]
            }
        case .sampling(let sampling): sampling.tools.isEmpty ? ["sampling": [:]] : ["sampling": ["tools": [:]]]
        case .roots: ["roots": [:]]
        }
    }

    /// Whether a client with these capabilities may be asked, where the revision has the question at all. An empty `elicitation` means
    /// forms alone.
    func isAnswerable(with capabilities: JSONObject, in revision: Revision) -> Bool {
        switch self {
        case .elicitation(let elicitation):
            guard revision >= .v2025_06_18, case .object(let declared)? = capabilities["elicitation"] else { return false }
            return switch elicitation.form {
            case .url: revision >= .v2025_11_25 && declared["url"]?.object != nil
            case .fields: declared.isEmpty || declared["form"]?.object != nil || declared["url"] == nil
            }
        case .sampling(let sampling):
            guard case .object(let declared)? = capabilities["sampling"] else { return false }
            return sampling.tools.isEmpty || (revision >= .v2025_11_25 && declared["tools"]?.object != nil)
        case .roots: return capabilities["roots"]?.object != nil
        }
    }

    /// Why a value is no answer; `nil` where it is one.
    func complaint(about answer: JSONValue) -> String? {
        guard case .object(let answer) = answer else { return "the answer must be an object, not \(answer.kindName)" }
        switch self {
        case .elicitation(let elicitation): return elicitation.complaint(about: answer)
        case .sampling: return SamplingAnswer(answer) == nil ? "the answer needs a role, a content and a model" : nil
        case .roots: return Root.list(answer) == nil ? "the answer needs a list of roots, each with a URI" : nil
        }
    }

    /// What a person calls it.
    var name: String {
        switch self {
        case .elicitation(let elicitation): if case .url = elicitation.form { "URL elicitation" } else { "elicitation" }
        case .sampling(let sampling): sampling.tools.isEmpty ? "sampling" : "sampling with tools"
        case .roots: "roots"
        }
    }
}
