public import JSON

/// Asks the user for something, through the client (2025-06-18).
public struct Elicitation: Sendable, Hashable {
    /// How the user answers.
    public enum Form: Sendable, Hashable {
        /// By filling in fields. The schema is a flat object of strings, numbers, booleans and enums. Never ask for a secret this way.
        case fields(schema: JSONValue)
        /// By opening a page (2025-11-25). The id correlates the page's end with the question in 2025-11-25.
        case url(String, id: String)
    }

    /// What the user reads.
    public var message: String
    /// How the user answers.
    public var form: Form

    /// A question with fields.
    ///
    /// - Parameters:
    ///   - message: what the user reads.
    ///   - schema: a flat object schema; each property is a string, a number, an integer, a boolean, or one or several of an enum.
    public init(_ message: String, schema: JSONValue) {
        self.message = message
        form = .fields(schema: schema)
    }

    /// A question that a page answers. The page must make sure that it is the same user who opened it.
    ///
    /// - Parameters:
    ///   - message: what the user reads.
    ///   - url: the page; https, and without anything that lets whoever has it in.
    ///   - id: names this question in `notifications/elicitation/complete`.
    public init(_ message: String, url: String, id: String) {
        self.message = message
        form = .url(url, id: id)
    }

    func params(for revision: Revision) -> JSONObject {
        var params: JSONObject = [:]
        switch form {
        case .fields(let schema):
            if revision >= .v2025_11_25 { params["mode"] = "form" }
            params["message"] = .string(message)
            params["requestedSchema"] = revision == .v2025_06_18 ? ElicitedFields.plain(schema) : schema
        case .url(let url, let id):
            params["mode"] = "url"
            params["message"] = .string(message)
            params["url"] = .string(url)
            if revision.isLegacy { params["elicitationId"] = .string(id) }
        }
        return params
    }

    func complaint(about answer: JSONObject) -> String? {
        guard let action = answer["action"]?.string.flatMap(ElicitationAnswer.Action.init(rawValue:)) else {
            return "the answer needs an action: accept, decline or cancel"
        }
        guard action == .accept, case .fields(let schema) = form else { return nil }
        guard case .object(let content)? = answer["content"] else { return "an accepted answer needs a content" }
        return ElicitedFields.complaint(about: content, schema: schema)
    }
}

/// What the user answered.
public struct ElicitationAnswer: Sendable, Hashable {
    /// What the user did.
    public enum Action: String, Sendable, Hashable {
        case accept
        /// The user said no.
        case decline
        /// The user went away.
        case cancel
    }

    /// What the user did.
    public var action: Action
    /// The fields of an accepted form; they fit its schema.
    public var content: JSONObject

    /// An answer with its parts.
    public init(_ action: Action, content: JSONObject = JSONObject()) {
        self.action = action
        self.content = content
    }

    /// Reads what ``RequestContext/ask(_:state:)-swift.method`` gave; `nil` where it is no answer to an elicitation.
    public init?(_ answer: JSONObject) {
        guard let action = answer["action"]?.string.flatMap(Action.init(rawValue:)) else { return nil }
        self.init(action, content: answer["content"]?.object ?? JSONObject())
    }
}

/// The fields of a form that was filled in, checked against the schema that was asked with.
enum ElicitedFields {
    static func complaint(about content: JSONObject, schema: JSONValue) -> String? {
        do throws(JSONSchemaError) {
            return try JSONSchema(schema, assertsFormats: true).complaint(about: .object(content), at: "content")
        } catch {
            return "the form's schema cannot be used: \(error)"
        }
    }

    /// The form as 2025-06-18 knows it: an enum with titles is one with names, and only booleans have defaults. A choice of several has no
    /// older form and stays.
    static func plain(_ schema: JSONValue) -> JSONValue {
        guard case .object(var object) = schema, case .object(let properties)? = object["properties"] else { return schema }
        object["properties"] = .object(
            JSONObject(
                properties.members.map { member in
                    guard case .object(var field) = member.value else { return member }
                    if field["type"] != "boolean" { field["default"] = nil }
                    if let choices = field["oneOf"]?.array, choices.allSatisfy({ $0["const"]?.string != nil }) {
                        field["oneOf"] = nil
                        field["enum"] = .array(choices.compactMap { $0["const"] })
                        field["enumNames"] = .array(choices.map { $0["title"] ?? $0["const"] ?? "" })
                    }
                    return .init(key: member.key, value: .object(field))
                }))
        return .object(object)
    }
}
