import Access
import Authorization
import Logging
import MemoryModel
import MemoryStore

/// The store's tokens as whoever lets people in reads them; docs/decisions/0003.
struct StoredTokens {
    let store: any MemoryStore

    private func table() async throws(StoreError) -> IssuedTokenTable {
        IssuedTokenTable(
            try await store.tokens().map { row in
                IssuedTokenTable.Entry(
                    name: row.name, hash: row.hash, scopes: Set(row.scopes.map(Scope.init(rawValue:))), expires: row.expires?.milliseconds,
                    isRevoked: row.revoked != nil)
            })
    }

    /// Whether one of them lets its holder in.
    func hasLive(at instant: Timestamp) async throws(StoreError) -> Bool {
        try await table().hasLive(at: instant.milliseconds)
    }

    func authenticator(isOpenWithoutTokens: Bool, logger: Logger) -> IssuedTokenAuthenticator {
        IssuedTokenAuthenticator(isOpenWithoutTokens: isOpenWithoutTokens) {
            do { return try await table() } catch {
                // A client that left cancels its read; that says nothing about the store.
                if !Task.isCancelled { logger.error("cannot read the tokens, so nobody comes in", metadata: ["reason": "\(error)"]) }
                throw error
            }
        }
    }
}
