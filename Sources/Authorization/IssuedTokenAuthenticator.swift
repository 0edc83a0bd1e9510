package import Access
import Synchronization

/// Lets in whoever holds a token that was made for this server and is neither revoked nor expired.
///
/// The table is read again when a request comes and what is known is older than `lifetime`: another process that makes or revokes a
/// token is heard of by then. Where it cannot be read, nobody comes in.
package final class IssuedTokenAuthenticator: Authenticator {
    private struct Reading {
        var table: IssuedTokenTable
        var instant: ContinuousClock.Instant
    }

    private let last = Mutex<Reading?>(nil)
    private let isOpenWithoutTokens: Bool
    private let lifetime: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let time: @Sendable () -> Int64
    private let read: @Sendable () async throws -> IssuedTokenTable

    /// - Parameters:
    ///   - isOpenWithoutTokens: whether everybody comes in as long as no token was ever made.
    ///   - lifetime: how long the table holds once it was read.
    ///   - time: milliseconds since 1970, for what expires.
    package init(
        isOpenWithoutTokens: Bool, lifetime: Duration = .seconds(1), now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        time: @escaping @Sendable () -> Int64 = { WallClock.milliseconds() }, read: @escaping @Sendable () async throws -> IssuedTokenTable
    ) {
        self.isOpenWithoutTokens = isOpenWithoutTokens
        self.lifetime = lifetime
        self.now = now
        self.time = time
        self.read = read
    }

    package func authenticate(authorization: String?) async -> Authentication {
        let table: IssuedTokenTable
        do { table = try await current() } catch { return .unavailable(reason: "the list of tokens cannot be read") }
        if isOpenWithoutTokens, table.isEmpty { return .accepted(.anonymous) }
        switch BearerCredentials(authorization: authorization) {
        case .absent: return .missing
        case .malformed(let reason): return .malformed(reason: reason)
        case .token(let token):
            guard let entry = table.entry(of: token) else { return .invalid(reason: "the token is not this server's") }
            let time = time()
            // Whoever holds the right bytes may know why they no longer do.
            if entry.isRevoked { return .invalid(reason: "the token was revoked") }
            if entry.hasExpired(at: time) { return .invalid(reason: "the token has expired") }
            return .accepted(Principal(name: "token:\(entry.name)", scopes: entry.scopes))
        }
    }

    private func current() async throws -> IssuedTokenTable {
        let instant = now()
        if let last = last.withLock({ $0 }), last.instant + lifetime > instant { return last.table }
        // The instant before the read: what changes while it runs is heard of in time too.
        let reading = Reading(table: try await read(), instant: instant)
        last.withLock { last in
            if let newer = last, newer.instant > instant { return }
            last = reading
        }
        return reading.table
    }
}
