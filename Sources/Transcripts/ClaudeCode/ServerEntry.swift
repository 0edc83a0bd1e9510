import JSON

/// Reads one member of `mcpServers`.
struct ServerEntry {
    /// `streamable-http` is another name of `http`, as Claude Code 2.1 takes it.
    private static let remoteTypes: Set<String> = ["http", "streamable-http", "sse", "ws", "sse-ide", "ws-ide"]
    private static let otherTypes: Set<String> = ["stdio", "sdk", "claudeai-proxy"]
    /// Where people put a token that no request will carry.
    private static let strayKeys: Set<String> = ["authorization", "token", "bearer", "bearertoken", "apikey", "header", "requestinit"]

    let file: String
    let scope: ConfiguredServer.Scope
    let environment: [String: String]

    func server(_ name: String, _ value: JSONValue) -> ConfiguredServer {
        var server = ConfiguredServer(name: name, file: file, scope: scope)
        guard case .object(let entry) = value else {
            server.flaws.append("the entry is \(value.kindName) and no object, so Claude Code skips it")
            return server
        }
        var expansion = VariableExpansion(environment: environment)
        server.type = entry["type"]?.string
        server.url = entry["url"]?.string
        server.expandedURL = server.url.map { expansion.expand($0) }
        server.flaws = typeFlaws(entry) + strayFlaws(entry)
        headers(of: entry, into: &server, &expansion)
        server.missingVariables = expansion.missing
        return server
    }

    private func typeFlaws(_ entry: JSONObject) -> [String] {
        switch entry["type"] {
        case nil where entry["url"] != nil:
            return ["it has a url and no type, so Claude Code skips it; add \"type\": \"http\""]
        case nil: return []
        case .string(let type) where Self.remoteTypes.contains(type):
            return entry["url"]?.string == nil ? ["its type is \(type) and it has no url, so Claude Code skips it"] : []
        case .string(let type) where Self.otherTypes.contains(type):
            return entry["url"] == nil ? [] : ["its type is \(type), for which the url counts for nothing; use \"type\": \"http\""]
        default: return ["its type is none that Claude Code knows; use \"type\": \"http\" or \"sse\""]
        }
    }

    private func strayFlaws(_ entry: JSONObject) -> [String] {
        entry.keys.filter { Self.strayKeys.contains($0.lowercased()) }.map {
            "\"\($0)\" stands beside \"headers\" and not in it, so it is not sent"
        }
    }

    private func headers(of entry: JSONObject, into server: inout ConfiguredServer, _ expansion: inout VariableExpansion) {
        guard let value = entry["headers"], !value.isNull else { return }
        guard case .object(let headers) = value else {
            server.flaws.append("its headers are \(value.kindName) and no object")
            return
        }
        for member in headers.members {
            if let text = member.value.string {
                server.headers[member.key] = expansion.expand(text)
            } else {
                server.flaws.append("the value of a header is \(member.value.kindName) and no string")
            }
        }
    }
}
