package import Access
import Crypto
import FoundationEssentials

/// The tokens that were made for a server, as one value: who comes in with which, at a given instant.
package struct IssuedTokenTable: Sendable {
    package struct Entry: Sendable {
        package var name: String
        /// The SHA-256 of the token.
        package var hash: [UInt8]
        package var scopes: Set<Scope>
        /// Milliseconds since 1970.
        package var expires: Int64?
        package var isRevoked: Bool

        /// - Parameter scopes: those stand for narrower ones too (``ScopeHierarchy/standard``).
        package init(name: String, hash: [UInt8], scopes: Set<Scope>, expires: Int64? = nil, isRevoked: Bool = false) {
            self.name = name
            self.hash = hash
            self.scopes = ScopeHierarchy.standard.expanded(scopes)
            self.expires = expires
            self.isRevoked = isRevoked
        }

        func hasExpired(at now: Int64) -> Bool { expires.map { $0 <= now } ?? false }
    }

    private let entries: [Entry]

    package init(_ entries: [Entry]) {
        self.entries = entries
    }

    /// Whether no token was ever made.
    package var isEmpty: Bool { entries.isEmpty }

    /// Whether a token lets anybody in.
    ///
    /// - Parameter now: milliseconds since 1970.
    package func hasLive(at now: Int64) -> Bool {
        entries.contains { !$0.isRevoked && !$0.hasExpired(at: now) }
    }

    /// The entry of what stands behind `Bearer`, whether or not it still lets anybody in.
    func entry(of token: Substring) -> Entry? {
        let digest = SHA256.hash(data: Array(token.utf8))
        var found: Entry?
        // Each comparison is constant in time, and none is left out: how long it takes tells nothing about any stored hash.
        for entry in entries where digest == entry.hash { found = entry }
        return found
    }
}
