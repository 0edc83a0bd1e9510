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
            server.skip("the entry is \(value.kindName) and no object, so Claude Code skips it")
            return server
        }
        var expansion = VariableExpansion(environment: environment)
        server.type = entry["type"]?.string
        server.url = entry["url"]?.string
        server.expandedURL = server.url.map { expansion.expand($0) }
        checkType(of: entry, &server)
        checkStrayKeys(of: entry, &server)
        headers(of: entry, into: &server, &expansion)
        server.missingVariables = expansion.missing
        return server
    }

    private func checkType(of entry: JSONObject, _ server: inout ConfiguredServer) {
        switch entry["type"] {
        case nil where entry["url"] != nil:
            server.skip("it has a url and no type, so Claude Code skips it; add \"type\": \"http\"")
        case nil: break
        case .string(let type) where Self.remoteTypes.contains(type):
            if server.url == nil { server.skip("its type is \(type) and it has no url, so Claude Code skips it") }
        case .string(let type) where Self.otherTypes.contains(type):
            if entry["url"] != nil {
                server.flaws.append("its type is \(type), for which the url counts for nothing; use \"type\": \"http\"")
            }
        default:
            server.skip("its type is none that Claude Code knows, so it skips the entry; use \"type\": \"http\" or \"sse\"")
        }
    }

    private func checkStrayKeys(of entry: JSONObject, _ server: inout ConfiguredServer) {
        for key in entry.keys where Self.strayKeys.contains(key.lowercased()) {
            server.flaws.append("\"\(key)\" stands beside \"headers\" and not in it, so it is not sent")
        }
    }

    private func headers(of entry: JSONObject, into server: inout ConfiguredServer, _ expansion: inout VariableExpansion) {
        guard let value = entry["headers"] else { return }
        guard case .object(let headers) = value else {
            server.skip("its headers are \(value.kindName) and no object, so Claude Code skips it")
            return
        }
        for member in headers.members {
            if let text = member.value.string {
                server.headers[member.key] = expansion.expand(text)
            } else {
                server.skip("the value of a header is \(member.value.kindName) and no string, so Claude Code skips the entry")
            }
        }
    }
}

extension ConfiguredServer {
    mutating func skip(_ flaw: String) {
        flaws.append(flaw)
        isSkipped = true
    }
}
