import Access
import Crypto
import JSON
import MCPCore

/// Tells sessions apart: 16 random bytes.
package struct SessionID: Sendable, Hashable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    static func random() -> SessionID {
        // The system's generator: an id must not be guessed.
        SessionID(high: .random(in: .min ... .max), low: .random(in: .min ... .max))
    }

    /// 32 hexadecimal digits.
    package var text: String { Self.hex(high) + Self.hex(low) }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

/// What an `initialize` agreed on, as it stands in `Mcp-Session-Id`.
struct Session: Sendable, Hashable {
    var id: SessionID
    var revision: Revision
    var capabilities: CapabilityBits
    /// Seconds since 1970.
    var expires: UInt32
    /// The first bytes of the principal's hash: another principal's session does not exist for whoever asks.
    var principal: UInt64

    var conversation: LegacyConversation {
        LegacyConversation(revision: revision, clientCapabilities: capabilities.capabilities)
    }
}

/// Makes and reads session ids: 36 bytes of what was agreed and their HMAC-SHA256, in Base64 of URLs (91 visible ASCII characters).
///
/// Nothing is remembered, so any process with the same key serves the session, also after a restart.
struct SessionTokens: Sendable {
    private static let length = 36
    private static let format: UInt8 = 1
    private let key: SymmetricKey

    init(serverKey: ServerKey) {
        key = serverKey.key(for: "mcp-session")
    }

    func token(for session: Session) -> String {
        var bytes = Self.bytes(of: session)
        bytes.append(contentsOf: HMAC<SHA256>.authenticationCode(for: bytes, using: key))
        return Base64.url.encode(bytes)
    }

    /// `nil` for what this server did not sign, what has expired, and what belongs to somebody else; nobody learns which.
    func session(from token: some StringProtocol, principal: Principal, now: UInt32) -> Session? {
        guard token.utf8.count <= 512, let bytes = Base64.url.decode(token), bytes.count == Self.length + SHA256.byteCount else { return nil }
        let signed = Array(bytes[..<Self.length])
        // Constant in time.
        guard HMAC<SHA256>.isValidAuthenticationCode(bytes[Self.length...], authenticating: signed, using: key) else { return nil }
        guard let session = Self.session(of: signed), session.expires > now else { return nil }
        return session.principal == Self.hash(of: principal) ? session : nil
    }

    static func hash(of principal: Principal) -> UInt64 {
        SHA256.hash(data: Array(principal.name.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func bytes(of session: Session) -> [UInt8] {
        var bytes: [UInt8] = [format, UInt8(Revision.allCases.firstIndex(of: session.revision) ?? 0)]
        bytes.reserveCapacity(length + SHA256.byteCount)
        append(session.capabilities.rawValue, to: &bytes)
        append(session.expires, to: &bytes)
        append(session.principal, to: &bytes)
        append(session.id.high, to: &bytes)
        append(session.id.low, to: &bytes)
        // Room for what a later version has to say.
        append(UInt32(0), to: &bytes)
        return bytes
    }

    private static func session(of bytes: [UInt8]) -> Session? {
        guard bytes[0] == format, Int(bytes[1]) < Revision.allCases.count else { return nil }
        let revision = Revision.allCases[Int(bytes[1])]
        guard revision.isLegacy else { return nil }
        return Session(
            id: SessionID(high: read(bytes, 16), low: read(bytes, 24)), revision: revision,
            capabilities: CapabilityBits(rawValue: read(bytes, 2)), expires: read(bytes, 4), principal: read(bytes, 8))
    }

    private static func append<Integer: FixedWidthInteger>(_ value: Integer, to bytes: inout [UInt8]) {
        for shift in stride(from: Integer.bitWidth - 8, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    private static func read<Integer: FixedWidthInteger>(_ bytes: [UInt8], _ offset: Int) -> Integer {
        bytes[offset..<offset + Integer.bitWidth / 8].reduce(0) { $0 << 8 | Integer(truncatingIfNeeded: $1) }
    }
}
