package import JSON

/// An argument that a client repeats in a header `Mcp-Param-TOKEN`, so that intermediaries can route by it (2026-07-28, `x-mcp-header`).
package struct HeaderParameter: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case string
        case integer
        case boolean
    }

    /// Behind `Mcp-Param-`.
    package var token: String
    /// The keys from the arguments down to the value.
    package var path: [String]
    package var kind: Kind

    private static let keyword = "x-mcp-header"
    private static let maximumDepth = 32

    /// Finds the marked properties of an input schema: only those that `properties` alone lead to can carry the mark.
    ///
    /// - Throws: one sentence for a mark that conforming clients would drop the whole tool for.
    static func all(in schema: JSONValue) throws(Invalid) -> [HeaderParameter] {
        var found: [HeaderParameter] = []
        try collect(schema, path: [], into: &found)
        var seen: Set<String> = []
        for parameter in found where !seen.insert(parameter.token.lowercased()).inserted {
            throw Invalid(reason: "\"\(parameter.token)\" stands there twice (letter case does not count)")
        }
        guard marks(in: schema, depth: 0) == found.count else {
            throw Invalid(reason: "it stands where it is not reached through \"properties\" alone")
        }
        return found
    }

    struct Invalid: Error { var reason: String }

    /// What the argument says; `nil` where it is absent or null, and then no header may stand for it.
    package func value(in arguments: JSONObject) -> JSONValue? {
        var value: JSONValue? = .object(arguments)
        for key in path { value = value?[key] }
        guard let value, !value.isNull else { return nil }
        return value
    }

    private static func collect(_ schema: JSONValue, path: [String], into found: inout [HeaderParameter]) throws(Invalid) {
        guard path.count < maximumDepth, case .object(let properties)? = schema["properties"] else { return }
        for member in properties.members {
            let path = path + [member.key]
            if let mark = member.value[keyword] {
                guard let token = mark.string, isToken(token) else {
                    throw Invalid(reason: "the mark of \(path.joined(separator: ".")) is no header token")
                }
                guard let kind = member.value["type"]?.string.flatMap(Kind.init(rawValue:)) else {
                    throw Invalid(reason: "\(path.joined(separator: ".")) must be a string, an integer or a boolean")
                }
                found.append(HeaderParameter(token: token, path: path, kind: kind))
            }
            try collect(member.value, path: path, into: &found)
        }
    }

    private static func marks(in schema: JSONValue, depth: Int) -> Int {
        guard depth < 64 else { return 0 }
        switch schema {
        case .object(let object):
            return object.members.reduce(object[keyword] == nil ? 0 : 1) { count, member in
                ["const", "enum", "default", "examples", keyword].contains(member.key) ? count : count + marks(in: member.value, depth: depth + 1)
            }
        case .array(let elements): return elements.reduce(0) { $0 + marks(in: $1, depth: depth + 1) }
        default: return 0
        }
    }

    /// RFC 9110 section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64 && text.utf8.allSatisfy { isAlphanumeric($0) || "!#$%&'*+-.^_`|~".utf8.contains($0) }
    }
}
