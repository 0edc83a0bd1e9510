import Diagnosis
import JSON
import Listeners
import Transcripts

/// Layer 6: who answers HTTP, and whether it lets the client in.
enum HTTPRules {
    static func checks(_ report: Report) -> [Check] {
        report.http.health.compactMap { answer($0, report) }
            + [identity(report), health(report), intermediary(report), ProxyRules.answer(report)].compactMap(\.self)
            + report.http.hosts.compactMap { host($0, report) } + [authorization(report), path(report)].compactMap(\.self)
    }

    private static func answer(_ exchange: Exchange, _ report: Report) -> Check {
        let subject = exchange.address.withPort(report.target.port)
        let isAlone = !report.http.health.contains { $0.answer != nil }
        let status: Check.Status = isAlone ? .fail : .warn
        switch exchange.outcome {
        case .answered(let answer) where report.http.report != nil && !exchange.isMagenta:
            let place = report.http.health.first(where: \.isMagenta)?.address.withPort(report.target.port) ?? "another address"
            // Clients begin with the first address, and this one takes them.
            let isFirst = exchange.address == report.connected.first?.address
            return Check(
                .httpAnswer, isFirst ? .fail : .warn, subject, "\(exchange.request): HTTP \(answer.status), and not magenta's",
                duration: exchange.duration, cause: "another program answers at this address; magenta answers at \(place)",
                fix: "give one of them another port; on the server's host the lines below name both")
        case .answered(let answer):
            return Check(.httpAnswer, .ok, subject, "\(exchange.request): HTTP \(answer.status)", duration: exchange.duration)
        case .closed:
            let fact = ConnectionFact(address: exchange.address, port: report.target.port, outcome: .closedAtOnce)
            return Check(.httpAnswer, status, subject, "closed before an answer came", errno: "ECONNRESET", duration: exchange.duration)
                .explained(by: ConnectionCause.explain(fact, report))
        case .timedOut:
            return Check(
                .httpAnswer, status, subject, "connected, and no answer in time", duration: exchange.duration,
                cause: "what listens there hangs or speaks another protocol", fix: "look at that program's log; `ss -ltnp` names it")
        case .failed(let reason):
            return Check(
                .httpAnswer, status, subject, reason, duration: exchange.duration, cause: "what listens there does not speak HTTP as asked",
                fix: !reason.contains("TLS")
                    ? "correct the port in the URL: another program listens there"
                    : report.target.isSecure ? "use http:// in the URL if the server has no TLS" : "use https:// in the URL")
        }
    }

    private static func identity(_ report: Report) -> Check? {
        guard let answer = report.http.health.compactMap(\.answer).first else { return nil }
        if let value = report.http.report {
            let version = value["version"]?.string ?? "unknown"
            return Check(.httpIdentity, .ok, report.target.authority, "magenta \(version)")
        }
        // Told by the lines of Host and of what stands in between.
        if answer.status == 421 || [502, 503, 504].contains(answer.status) { return nil }
        if report.mcp.conversations.compactMap(\.exchange.answer).contains(where: { [401, 403].contains($0.status) }) {
            return Check(.httpIdentity, .skip, report.target.authority, "not checked: another server than magenta wants credentials first")
        }
        let name = answer.headers["server"].map { " (it calls itself \($0))" } ?? ""
        // An MCP server of another make has no /health of ours; what it says over MCP decides.
        let isMCP = report.mcp.conversations.contains { if case .agreed = $0.outcome { true } else { false } }
        return Check(
            .httpIdentity, isMCP ? .warn : .fail, report.target.authority,
            "not magenta\(name): GET /health gave HTTP \(answer.status), \(answer.mediaType ?? "no type")",
            cause: isMCP ? "another MCP server answers there" : "another program holds this port or path",
            fix: isMCP ? "nothing, where that is meant" : "correct host and port in the URL; on the server's host `magenta doctor` names the program")
    }

    private static func health(_ report: Report) -> Check? {
        guard let value = report.http.report, let status = value["status"]?.string else { return nil }
        let families = (value["families"]?.object?.members ?? []).map { "\($0.key) \($0.value.string ?? "?")" }.joined(separator: ", ")
        switch status {
        case "ok", "starting": return Check(.httpHealth, .ok, report.target.authority, "\(status): \(families)")
        case "warning":
            // A family that the server's host lacks is no fault.
            return Check(.httpHealth, .ok, report.target.authority, "one family is missing where the server is: \(families)")
        case "draining":
            return Check(
                .httpHealth, .warn, report.target.authority, "the server is stopping", cause: "it got SIGTERM", fix: "wait for the restart")
        default:
            return Check(
                .httpHealth, .fail, report.target.authority, "\(status): \(families)", cause: "the server cannot reach its own sockets",
                fix: "run `magenta doctor` on the server's host")
        }
    }

    private static func intermediary(_ report: Report) -> Check? {
        let exchange = report.http.health.first(where: \.isMagenta) ?? report.http.health.first { $0.answer != nil }
        guard let answer = exchange?.answer else { return nil }
        if (300..<400).contains(answer.status) {
            return Check(
                .httpIntermediary, .fail, report.target.authority, "HTTP \(answer.status) to \(answer.headers["location"] ?? "nowhere")",
                cause: "a redirect: clients do not send a POST on", fix: "put the address that it leads to into the URL")
        }
        let via = answer.headers["via"] ?? answer.headers["server"].flatMap { $0.lowercased().contains("magenta") ? nil : $0 }
        if let via, report.http.report != nil {
            return Check(.httpIntermediary, .ok, report.target.authority, "answered through \(via)")
        }
        guard [502, 503, 504].contains(answer.status), report.http.report == nil else { return nil }
        return Check(
            .httpIntermediary, .fail, report.target.authority, "HTTP \(answer.status)\(answer.headers["server"].map { " from \($0)" } ?? "")",
            cause: "a proxy answers and does not reach the server behind it",
            fix: "start the server, and check the proxy's upstream address and family")
    }

    /// Hosts that are refused. 421 is ours and the Python SDK's, 403 the Go and TypeScript SDKs'.
    private static func host(_ exchange: Exchange, _ report: Report) -> Check? {
        guard let answer = exchange.answer else { return nil }
        let isOwn = exchange.host == report.target.authority
        let isRefused = answer.status == 421 || (answer.status == 403 && answer.body.lowercased().contains("host"))
        guard isRefused else { return Check(.httpHost, .ok, exchange.host, "taken (HTTP \(answer.status))") }
        let name = exchange.host
        return Check(
            .httpHost, isOwn ? .fail : .warn, name, "refused with HTTP \(answer.status): \(answer.body.firstLine)",
            cause: "the server guards against DNS rebinding and does not know this name as its own",
            fix:
                "magenta serve --allow-host \(report.target.host); Python SDK: TransportSecuritySettings(allowed_hosts=[\"\(report.target.host):*\"])"
        )
    }

    private static func authorization(_ report: Report) -> Check? {
        let refused = report.mcp.conversations.compactMap(\.exchange.answer).first { [401, 403].contains($0.status) && !$0.isHostRefusal }
        guard let refused else {
            guard report.http.authorizationSent, report.mcp.isAgreed else { return nil }
            return Check(.httpAuthorization, .ok, report.target.description, "the credentials are taken")
        }
        let shown =
            report.http.authorizationSent
            ? "Claude Code shows: Server rejected the configured Authorization header (HTTP \(refused.status))"
            : refused.status == 403 ? "Claude Code shows: Needs authentication" : "Claude Code shows: Dynamic Client Registration rejected"
        return Check(
            .httpAuthorization, .fail, report.target.description, "HTTP \(refused.status). \(shown)",
            cause: report.entry?.missingVariables.isEmpty == false && report.http.authorizationSent
                ? "the header names a variable that is not set, and is sent as it is written"
                : report.http.authorizationSent
                    ? "the token is wrong, has expired, was revoked, or lacks a scope" : "the server wants a token and none was sent",
            fix: report.http.authorizationSent
                ? "make a new one on the server: magenta token create NAME"
                : "configure headers.Authorization \"Bearer ${MAGENTA_TOKEN}\"; for this command: --token-file FILE")
    }

    /// MCP is not served at this path: 404, 405, 400.
    private static func path(_ report: Report) -> Check? {
        guard !report.mcp.isAgreed, let answer = report.mcp.conversations.compactMap(\.exchange.answer).first,
            [400, 404, 405, 406, 410].contains(answer.status)
        else { return report.mcp.isAgreed ? Check(.httpPath, .ok, report.target.shownPath, "serves MCP") : nil }
        let shown =
            answer.status == 404
            ? "Claude Code shows: MCP endpoint not found. Check the URL in your MCP config"
            : "Claude Code shows: HTTP \(answer.status): \(answer.body.firstLine)"
        let isStream = report.stream.opening.value?.endpoint != nil
        return Check(
            .httpPath, .fail, report.target.shownPath, "HTTP \(answer.status). \(shown)",
            cause: isStream
                ? "the path serves the old HTTP+SSE transport, where a POST goes to another path"
                : "the server does not serve MCP at this path\(report.entry?.type.map { ", or not as type \($0)" } ?? "")",
            fix: isStream
                ? "set \"type\": \"sse\""
                : report.target.path == "/mcp"
                    ? "ask who runs the server for the path of its MCP endpoint"
                    : "set the URL to http\(report.target.isSecure ? "s" : "")://\(report.target.authority)/mcp")
    }
}

extension Exchange.Answer {
    var isHostRefusal: Bool { status == 421 || (status == 403 && body.lowercased().contains("host")) }
}

extension String {
    /// Of a body, for one line of a report.
    var firstLine: String {
        String((split(whereSeparator: \.isNewline).first ?? "").prefix(200))
    }
}
