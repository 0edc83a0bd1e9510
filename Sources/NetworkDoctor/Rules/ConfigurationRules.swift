import Diagnosis
import Listeners
import Transcripts

/// Layer 1: what the client's configuration says.
enum ConfigurationRules {
    static func checks(_ report: Report) -> [Check] {
        var checks = [path(report)].compactMap(\.self)
        if let entry = report.entry { checks = self.checks(entry) + checks }
        return checks + [localhost(report)].compactMap(\.self)
    }

    static func checks(_ entry: ConfiguredServer) -> [Check] {
        let subject = "\(entry.name) in \(entry.file)"
        var checks: [Check] = []
        if let flaw = entry.flaws.first {
            checks.append(
                Check(
                    .configEntry, entry.isSkipped ? .fail : .warn, subject, entry.flaws.joined(separator: "; "), cause: flaw,
                    fix: "write it anew: `magenta connect claude-code` prints the entry"))
        } else {
            checks.append(Check(.configEntry, .ok, subject, "type \(entry.type ?? "none"), scope \(entry.scope.rawValue)"))
        }
        if entry.missingVariables.isEmpty == false {
            let names = entry.missingVariables.joined(separator: ", ")
            checks.append(
                Check(
                    .configVariable, .fail, subject, "not set: \(names)",
                    cause: "Claude Code sends a variable that is not set as it is written, ${...} and all",
                    fix: "export \(names) before Claude Code starts, or give a default: ${\(entry.missingVariables[0]):-VALUE}"))
        }
        if let check = header(entry, subject) { checks.append(check) }
        if let check = approval(entry, subject) { checks.append(check) }
        // What an entry without a known type lacks is among its flaws.
        if entry.flaws.isEmpty, let check = type(entry, subject) { checks.append(check) }
        return checks
    }

    private static func header(_ entry: ConfiguredServer, _ subject: String) -> Check? {
        if entry.headers.contains(where: { !HeaderField.isValid($0.key, $0.value) }) {
            return Check(
                .configHeader, .fail, subject, "a header's name or value holds a character that HTTP does not allow",
                cause: "line breaks, control characters or a colon or space in the name: the request cannot be sent",
                fix: "write the header as \"Authorization\": \"Bearer ${MAGENTA_TOKEN}\", and look for a line break at the variable's end")
        }
        guard let value = entry.headers.first(where: { $0.key.lowercased() == "authorization" })?.value else { return nil }
        let words = value.split(separator: " ")
        // Other schemes are for other servers to judge.
        guard words.count >= 2, words.count == 2 || words[0].lowercased() != "bearer" else {
            return Check(
                .configHeader, .fail, subject, "the Authorization header is not `Bearer TOKEN`",
                cause: words.count < 2 ? "the word Bearer, or the token, is missing" : "behind Bearer stands more than one word",
                fix: #""headers": {"Authorization": "Bearer ${MAGENTA_TOKEN}"}"#)
        }
        return words[1].contains("${") ? nil : Check(.configHeader, .ok, subject, "an Authorization header is set")
    }

    private static func approval(_ entry: ConfiguredServer, _ subject: String) -> Check? {
        switch entry.approval {
        case .approved: Check(.configApproval, .ok, subject, "approved")
        case .notNeeded: nil
        case .pending:
            Check(
                .configApproval, .warn, subject, "pending approval", cause: "Claude Code asks before it uses what a project's .mcp.json names",
                fix: "start claude in the project once and approve \(entry.name)")
        case .rejected:
            Check(
                .configApproval, .fail, subject, "rejected", cause: "\(entry.name) was declined when Claude Code asked",
                fix: "run `claude mcp reset-project-choices` in the project, start claude and approve it")
        }
    }

    private static func type(_ entry: ConfiguredServer, _ subject: String) -> Check? {
        switch entry.type {
        case "http", "sse", "streamable-http": return Check(.configType, .ok, subject, "type \(entry.type ?? "")")
        case nil where entry.url == nil, "stdio": return nil
        case let type:
            return Check(
                .configType, .fail, subject, type == nil ? "there is no type beside the url" : "the type is neither http nor sse",
                cause: type == nil
                    ? "without \"type\" Claude Code takes an entry for a program to start" : "magenta is served as http and as sse alone",
                fix: #"add "type": "http""#)
        }
    }

    /// The type of an entry and the path of its URL, for servers that do not forgive as magenta does.
    private static func path(_ report: Report) -> Check? {
        guard let type = report.entry?.type, ["http", "sse"].contains(type) else { return nil }
        let path = report.target.path.prefix { $0 != "?" }
        let isForgiving = report.http.report != nil
        let usual = type == "sse" ? "/mcp" : "/sse"
        guard path == usual || path.dropLast() == usual, !isForgiving else { return nil }
        return Check(
            .configType, .warn, report.target.description, "type \(type) with the path \(path)",
            cause: "servers other than magenta serve type sse at /sse and type http at /mcp",
            fix: "set \"type\": \"\(type == "sse" ? "http" : "sse")\", or the path to \(type == "sse" ? "/sse" : "/mcp")")
    }

    private static func localhost(_ report: Report) -> Check? {
        guard report.isInContainer else { return nil }
        let host = report.target.host
        guard host == "localhost" || report.target.literal?.isLoopback == true else { return nil }
        // Something listens on the port in here: what is wrong then is not the name.
        let isServed = report.isReached || report.server.sockets.value?.isEmpty == false
        return Check(
            .configLocalhost, isServed ? .ok : .warn, host, "names this container itself",
            cause: isServed ? nil : "inside a container localhost is the container itself, and nothing listens in this one",
            fix: isServed
                ? nil
                : "if the server is in another container, name its service (http://mcp-server:\(report.target.port)/mcp); for a server on the host, http://host.docker.internal"
                    + ":\(report.target.port)/mcp with --add-host host.docker.internal:host-gateway")
    }
}
