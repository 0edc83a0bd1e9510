import Diagnosis
import Listeners

/// Layer 5: TLS. Nothing to say where the URL is http.
enum HandshakeRules {
    /// Certificates renew themselves a month before they end where that works at all.
    static let expiryMargin: Int64 = 14 * 86_400

    static func checks(_ report: Report) -> [Check] {
        report.handshakes.flatMap { checks($0, report) }
    }

    private static func checks(_ fact: HandshakeFact, _ report: Report) -> [Check] {
        let subject = fact.address.withPort(report.target.port)
        let protocols = fact.applicationProtocol.map { ", ALPN \($0)" } ?? ""
        var checks: [Check] = []
        switch fact.outcome {
        case .failed(let reason):
            return [
                Check(
                    .tlsHandshake, .fail, subject, reason, duration: fact.duration, cause: "no TLS is spoken there, or none that both sides know",
                    fix: "use http:// in the URL, or start the server with --tls-certificate and --tls-key")
            ]
        case .established:
            checks.append(Check(.tlsHandshake, .ok, subject, "\(fact.subject ?? "a certificate")\(protocols)", duration: fact.duration))
            checks.append(Check(.tlsTrust, .ok, subject, "issued by \(fact.issuer ?? "a known authority")"))
        case .untrusted(let reason):
            checks.append(Check(.tlsHandshake, .ok, subject, "\(fact.subject ?? "a certificate")\(protocols)", duration: fact.duration))
            checks.append(
                Check(
                    .tlsTrust, .fail, subject, reason, cause: "clients do not know who issued the certificate (\(fact.issuer ?? "unknown"))",
                    fix: reason.contains("cannot be read")
                        ? "mend the path in NODE_EXTRA_CA_CERTS"
                        : "give clients the authority's certificate (NODE_EXTRA_CA_CERTS=FILE for Claude Code), or use one that is known"))
        case .wrongName(let names):
            checks.append(Check(.tlsHandshake, .ok, subject, "\(fact.subject ?? "a certificate")\(protocols)", duration: fact.duration))
            checks.append(
                Check(
                    .tlsName, .fail, subject, "the certificate is for \(names.prefix(5).joined(separator: ", "))",
                    cause: "it does not name \(report.target.host)",
                    fix: names.first { !$0.hasPrefix("*") }.map { "use https://\($0) in the URL, or get a certificate for \(report.target.host)" }
                        ?? "get a certificate for \(report.target.host)"))
        }
        if let check = expiry(fact, subject, now: report.time) { checks.append(check) }
        return checks
    }

    private static func expiry(_ fact: HandshakeFact, _ subject: String, now: Int64) -> Check? {
        guard let expires = fact.expires else { return nil }
        let days = (expires - now) / 86_400
        if expires <= now {
            return Check(
                .tlsExpiry, .fail, subject, "the certificate ended \(-days) days ago", cause: "it was not renewed",
                fix: "renew it; magenta takes a new file without a restart")
        }
        guard expires - now > expiryMargin else {
            return Check(
                .tlsExpiry, .warn, subject, "the certificate ends in \(days) days", cause: "it was not renewed yet", fix: "renew it")
        }
        return Check(.tlsExpiry, .ok, subject, "valid for \(days) days")
    }
}
