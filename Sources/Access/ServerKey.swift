package import Crypto

/// The one secret of a server, from which the key of each purpose is derived (HKDF-SHA256, RFC 5869).
///
/// Servers with the same key serve each other's sessions; a server that loses its key ends them all.
public struct ServerKey: Sendable {
    /// How many bytes a key has.
    public static let byteCount = 32
    private let secret: SymmetricKey

    /// - Parameter bytes: 32 bytes from a generator that nobody can guess; `nil` comes back for another number of them.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        secret = SymmetricKey(data: bytes)
    }

    private init(secret: SymmetricKey) { self.secret = secret }

    /// A new key, for a server whose sessions may end with its process.
    public static func random() -> ServerKey { ServerKey(secret: SymmetricKey(size: .bits256)) }

    /// The key for one purpose; keys of different purposes tell nothing about each other.
    package func key(for purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: secret, info: Array(purpose.utf8), outputByteCount: 32)
    }
}
