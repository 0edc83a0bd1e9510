import Listeners
import NIOSSL
import SwiftASN1
import X509

/// What a server's own certificate says.
struct CertificateFacts: Sendable, Hashable {
    var subject: String?
    var issuer: String?
    /// Of the extension subjectAltName; the common name counts for no client any more.
    var names: [String] = []
    /// Seconds since 1970.
    var begins: Int64
    var expires: Int64

    private static let nameLimit = 20

    init(_ certificate: NIOSSLCertificate) {
        begins = Int64(certificate.notValidBefore)
        expires = Int64(certificate.notValidAfter)
        // A certificate that only the TLS library can read still has its dates.
        guard let bytes = try? certificate.toDERBytes(), let parsed = try? Certificate(derEncoded: bytes) else { return }
        subject = String(parsed.subject.description.prefix(300))
        issuer = String(parsed.issuer.description.prefix(300))
        names = ((try? parsed.extensions.subjectAlternativeNames) ?? SubjectAlternativeNames()).prefix(Self.nameLimit).map { name in
            switch name {
            case .dnsName(let name): String(name.prefix(300))
            case .ipAddress(let address): Self.text(address.bytes)
            default: String("\(name)".prefix(300))
            }
        }
    }

    /// Four or sixteen bytes in network order (RFC 5280 section 4.2.1.6).
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let groups = [UInt8](bytes)
        guard groups.count == 16 else { return groups.map { "\($0)" }.joined(separator: ".") }
        func half(_ range: Range<Int>) -> UInt64 { groups[range].reduce(0) { $0 << 8 | UInt64($1) } }
        return InternetAddress.ipv6(high: half(0..<8), low: half(8..<16)).description
    }

    /// What is wrong with it by itself; the TLS library gives no reason for a chain that it refuses.
    func flaw(at now: Int64) -> String? {
        if expires < now { return "the certificate has expired" }
        if begins > now { return "the certificate is not valid yet" }
        if subject != nil && subject == issuer { return "the certificate is self-signed" }
        return nil
    }
}
