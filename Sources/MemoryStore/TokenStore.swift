package import MemoryModel
package import Redaction

/// The tokens that people made for this store's server (`magenta token`); docs/decisions/0003.
package protocol TokenStore: Sendable {
    /// All that were ever made, oldest first, with those that are revoked or have expired: that there was one is why a server goes on to
    /// ask for one.
    func tokens() async throws(StoreError) -> [TokenRow]

    /// Adds one, whose name is valid and which no token has that is not revoked, whatever its case.
    func addToken(_ token: TokenRow) async throws(StoreError)

    /// Revokes the token of that name that is not revoked yet; it may have expired.
    ///
    /// - Returns: the token as it stands now.
    func revokeToken(_ name: String, at instant: Timestamp) async throws(StoreError) -> TokenRow

    /// Whether a spool's proof is the one that came with its first request, which is kept.
    ///
    /// - Parameter proof: 64 hexadecimal digits.
    func admitSpool(_ id: RedactedText, proof: String) async throws(StoreError) -> Bool
}

/// What a store keeps of a token: everything but the token.
package struct TokenRow: Sendable, Hashable {
    package var name: String
    /// The SHA-256 of the whole token.
    package var hash: [UInt8]
    package var scopes: [String]
    package var created: Timestamp
    /// `nil` for one that never does.
    package var expires: Timestamp?
    package var revoked: Timestamp?
    /// Whose conversations all are that come in with it; `nil` where the sender says whose.
    package var user: String?

    package init(
        name: String, hash: [UInt8], scopes: [String], created: Timestamp, expires: Timestamp? = nil, revoked: Timestamp? = nil, user: String? = nil
    ) {
        self.name = name
        self.hash = hash
        self.scopes = scopes
        self.created = created
        self.expires = expires
        self.revoked = revoked
        self.user = user
    }

    /// Whether a token may be called so: 1 to 64 letters, digits, `-`, `_` and `.`. Names stand in logs, and nothing in them needs quoting.
    package static func isValid(name: String) -> Bool {
        // A name that begins with a hyphen would be taken for an option where it is revoked.
        (1...64).contains(name.utf8.count) && !name.hasPrefix("-")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
