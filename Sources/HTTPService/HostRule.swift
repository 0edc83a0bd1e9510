import HTTPTypes

/// Which `Host` values are served. A page of a foreign site that makes its name resolve to this server (DNS rebinding) sends its own name
/// here; a browser never sends a dotless name or an address for a public site, so those pass without configuration.
package struct HostRule: Sendable, Hashable {
    /// Lower case, without a trailing dot.
    package private(set) var allowed: Set<String>
    package private(set) var ownNames: Set<String>

    /// - Parameters:
    ///   - allowed: what `--allow-host` names.
    ///   - ownNames: what this host calls itself.
    package init(allowed: some Sequence<String> = [], ownNames: some Sequence<String> = []) {
        self.allowed = Set(allowed.map(Self.normalized))
        self.ownNames = Set(ownNames.map(Self.normalized))
    }

    package enum Verdict: Sendable, Hashable {
        case accepted(Authority)
        case missing
        case malformed
        case foreign(name: String)
    }

    package func verdict(_ value: String?) -> Verdict {
        guard let value, !value.isEmpty else { return .missing }
        guard let authority = Authority(value) else { return .malformed }
        switch authority.host {
        case .address: return .accepted(authority)
        case .name(let name): return accepts(name) ? .accepted(authority) : .foreign(name: name)
        }
    }

    private func accepts(_ name: String) -> Bool {
        if !name.utf8.contains(UInt8(ascii: ".")) { return true }
        for suffix in Self.privateSuffixes where name.hasSuffix(suffix) { return true }
        return allowed.contains(name) || ownNames.contains(name)
    }

    /// RFC 6761 (localhost), the private-use top-level domain of ICANN (internal), and the services of Kubernetes.
    private static let privateSuffixes = [".localhost", ".internal", ".svc", ".svc.cluster.local"]

    /// `--allow-host` may be written with a port or as an address too.
    private static func normalized(_ name: String) -> String {
        Authority(name)?.name ?? name.lowercased()
    }
}

extension HostRule.Verdict {
    /// What to answer, or `nil` where it is accepted.
    func refusal(value: String?) -> Refusal? {
        switch self {
        case .accepted: nil
        case .missing: Refusal(.badRequest, "the request has no Host header. Fix: send the host and port of the URL in it", reason: .host)
        case .malformed:
            Refusal(
                .badRequest, "Host \"\(quotable(value ?? ""))\" is not a host name. Fix: send the host and port of the URL in it", reason: .host)
        // 421 since clients show its body; 403 would send Claude Code's user to a login.
        case .foreign(let name):
            Refusal(.misdirectedRequest, "Host \"\(quotable(name))\" is not allowed. Fix: --allow-host \(quotable(name))", reason: .host)
        }
    }
}
