import HTTPTypes

/// Which `Origin` values are served (MCP 2025-11-25, transports, security: an invalid one is 403). A client that is no browser sends none.
package struct OriginRule: Sendable, Hashable {
    private var allowed: Set<Origin>

    /// - Parameter allowed: what `--allow-origin` names, as `https://app.example`; what is no origin is left out.
    package init(allowed: some Sequence<String> = []) {
        self.allowed = Set(allowed.compactMap(Origin.init))
    }

    package enum Verdict: Sendable, Hashable {
        case absent
        case sameAsHost
        case loopback
        case allowed
        case refused(String)

        /// Whether a page of this very server sent it, or no page at all: what a state-changing form asks for.
        package var isOwn: Bool { self == .absent || self == .sameAsHost }
    }

    package func verdict(_ value: String?, host: Authority) -> Verdict {
        guard let value else { return .absent }
        guard let origin = Origin(value) else { return .refused(value) }
        if origin.host == host.host, origin.port == host.port ?? origin.defaultPort { return .sameAsHost }
        if Authority(host: origin.host).isLoopback { return .loopback }
        return allowed.contains(origin) ? .allowed : .refused(value)
    }
}

/// `scheme://host[:port]` of a web page (RFC 6454). `null` is none.
struct Origin: Sendable, Hashable {
    var scheme: String
    var host: Authority.Host
    var port: UInt16

    init?(_ text: String) {
        let lower = text.utf8.prefix(8)
        let scheme = lower.starts(with: "https://".utf8) ? "https" : lower.starts(with: "http://".utf8) ? "http" : nil
        guard let scheme, let authority = Authority(text.dropFirst(scheme.utf8.count + 3)) else { return nil }
        self.scheme = scheme
        host = authority.host
        port = authority.port ?? (scheme == "https" ? 443 : 80)
    }

    var defaultPort: UInt16 { scheme == "https" ? 443 : 80 }
}

extension OriginRule.Verdict {
    var refusal: Refusal? {
        guard case .refused(let value) = self else { return nil }
        let shown = quotable(value)
        guard Origin(value) != nil else {
            return Refusal(.forbidden, "Origin \"\(shown)\" is not allowed. Fix: open the page from this server or from localhost", reason: .origin)
        }
        return Refusal(.forbidden, "Origin \"\(shown)\" is not allowed. Fix: --allow-origin \(shown)", reason: .origin)
    }
}
