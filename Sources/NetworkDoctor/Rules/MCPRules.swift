import Diagnosis
import Listeners

/// Layer 8: MCP, revision by revision.
enum MCPRules {
    static func checks(_ report: Report) -> [Check] {
        guard report.hasAnswer || report.mcp.isAgreed || report.mcp.conversations.isEmpty else {
            return [.notChecked(.mcpDiscover, report.target.description, "nothing answers HTTP there")]
        }
        return report.mcp.conversations.compactMap { conversation($0, report) } + [session(report), tools(report)].compactMap(\.self)
    }

    private static func conversation(_ conversation: MCPFacts.Conversation, _ report: Report) -> Check? {
        let isModern = conversation.revision >= "2026"
        let id: CheckID = isModern ? .mcpDiscover : .mcpInitialize
        let duration = conversation.exchange.duration
        let title = conversation.transport == .stream ? "\(conversation.revision) over HTTP+SSE" : conversation.revision
        switch conversation.outcome {
        case .agreed(let name, let version, let revision):
            let server = "\(name) \(version)"
            guard revision != conversation.revision else {
                return Check(id, .ok, title, "\(server)\(conversation.hasSession ? ", with a session" : "")", duration: duration)
            }
            // The specification lets a server answer with another revision; the client then takes it or leaves.
            return Check(id, .ok, title, "\(server) offers \(revision) instead", duration: duration)
        case .rejected(let code, let message):
            // A server without the newest revision says so; clients then fall back to initialize.
            if isModern, report.mcp.isAgreed {
                return Check(id, .skip, title, "not offered (\(code)); clients fall back to initialize", duration: duration)
            }
            return Check(
                id, .warn, title, "\(code): \(message.firstLine)", duration: duration,
                cause: "the server does not take this revision", fix: "nothing, where the client speaks a newer one; else update the server")
        case .refused:
            if let answer = conversation.exchange.answer {
                // Told once, by the layer of HTTP.
                guard ![400, 401, 403, 404, 405, 406, 410, 421].contains(answer.status) else {
                    return report.mcp.isAgreed ? Check(id, .skip, title, "not offered (HTTP \(answer.status))") : nil
                }
                guard answer.status != 429 else {
                    return Check(
                        id, .warn, title, "HTTP 429: \(answer.body.firstLine)", duration: duration,
                        cause: "this client sent more requests than the server takes in a minute",
                        fix: "wait a minute, or set a higher --rate-limit")
                }
                let isSuccess = (200..<300).contains(answer.status)
                return Check(
                    id, .fail, title,
                    isSuccess
                        ? "HTTP \(answer.status) \(answer.mediaType ?? ""), which is no MCP answer"
                        : "HTTP \(answer.status): \(answer.body.firstLine)",
                    duration: duration, cause: isSuccess ? "another program answers at this path" : "the server, or a proxy before it, failed",
                    fix: isSuccess ? "correct the URL" : "look at the server's log")
            }
            return Check(
                id, .fail, title, conversation.exchange.outcome.words, duration: duration,
                cause: "the request reached the server and no answer came back", fix: "look at the server's log, and at proxies in between")
        }
    }

    private static func session(_ report: Report) -> Check? {
        guard report.mcp.isAgreed else { return nil }
        switch report.mcp.unknownSession {
        case .notChecked(let reason): return .notChecked(.mcpSession, "an unknown session", reason)
        case .known(404): return Check(.mcpSession, .ok, "an unknown session", "HTTP 404: clients begin anew by themselves")
        case .known(let status):
            // A server without sessions ignores the header.
            let isStateless = (200..<300).contains(status)
            return Check(
                .mcpSession, isStateless ? .ok : .warn, "an unknown session", "HTTP \(status)",
                cause: isStateless ? nil : "after a restart Claude Code begins anew on 404 only", fix: isStateless ? nil : "update the server")
        }
    }

    private static func tools(_ report: Report) -> Check? {
        guard report.mcp.isAgreed else { return nil }
        switch report.mcp.tools {
        case .notChecked(let reason): return .notChecked(.mcpTools, "tools/list", reason)
        case .known(let tools):
            guard tools.count > 0 else {
                return Check(
                    .mcpTools, .warn, "tools/list", "no tools", duration: tools.duration, cause: "the server offers none to this client",
                    fix: report.http.authorizationSent ? "check the scopes of the token" : "look at the server's configuration")
            }
            return Check(.mcpTools, .ok, "tools/list", "\(tools.count) tools", duration: tools.duration)
        }
    }
}

extension MCPFacts {
    var isAgreed: Bool { conversations.contains { if case .agreed = $0.outcome { true } else { false } } }
}
