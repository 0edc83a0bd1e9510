import Access
import Synchronization
import Testing

@testable import Authorization

@Suite struct `Issued tokens` {
    private let token = IssuedToken.random()

    private func entry(_ token: IssuedToken, expires: Int64? = nil, isRevoked: Bool = false, scopes: Set<Scope> = [.write]) -> IssuedTokenTable.Entry
    {
        IssuedTokenTable.Entry(name: "laptop", hash: token.hash, scopes: scopes, expires: expires, isRevoked: isRevoked)
    }

    private func authenticator(_ entries: [IssuedTokenTable.Entry], isOpen: Bool = false, time: Int64 = 1000) -> IssuedTokenAuthenticator {
        IssuedTokenAuthenticator(isOpenWithoutTokens: isOpen, time: { time }) { IssuedTokenTable(entries) }
    }

    private func header(_ token: IssuedToken) -> String { "Bearer \(token.text)" }

    @Test func `are a prefix and 32 random bytes in base64url, no two alike`() throws {
        let tokens = (0..<100).map { _ in IssuedToken.random().text }
        #expect(Set(tokens).count == 100)
        for token in tokens {
            #expect(token.hasPrefix("mgt_") && token.utf8.count == 47)
            #expect(Base64.url.decode(token.dropFirst(4))?.count == 32)
        }
    }

    @Test func `let in their holder, with the scopes that stand behind theirs`() async {
        let access = authenticator([entry(.random()), entry(token), entry(.random())])
        let holder = Authentication.accepted(Principal(name: "token:laptop", scopes: [.read, .write]))
        #expect(await access.authenticate(authorization: header(token)) == holder)
        #expect(await access.authenticate(authorization: "bearer  \(token.text)") == holder)
        let unknown = Authentication.invalid(reason: "the token is not this server's")
        #expect(await access.authenticate(authorization: String(header(token).dropLast())) == unknown)
        #expect(await access.authenticate(authorization: header(token) + "A") == unknown)
    }

    @Test func `that are unknown, revoked or expired let nobody in`() async {
        #expect(
            await authenticator([entry(.random())]).authenticate(authorization: header(token)) == .invalid(reason: "the token is not this server's"))
        #expect(
            await authenticator([entry(token, isRevoked: true)]).authenticate(authorization: header(token))
                == .invalid(reason: "the token was revoked"))
        #expect(
            await authenticator([entry(token, expires: 1000)]).authenticate(authorization: header(token)) == .invalid(reason: "the token has expired")
        )
        guard case .accepted = await authenticator([entry(token, expires: 1001)]).authenticate(authorization: header(token)) else {
            Issue.record("a token was refused before it expired")
            return
        }
        #expect(await authenticator([entry(token)]).authenticate(authorization: nil) == .missing)
        #expect(await authenticator([]).authenticate(authorization: nil) == .missing)
    }

    @Test func `are asked for once there was one, also when it is revoked`() async {
        #expect(await authenticator([], isOpen: true).authenticate(authorization: nil) == .accepted(.anonymous))
        #expect(await authenticator([entry(token)], isOpen: true).authenticate(authorization: nil) == .missing)
        #expect(await authenticator([entry(token, isRevoked: true)], isOpen: true).authenticate(authorization: nil) == .missing)
        #expect(await authenticator([entry(token, expires: 1)], isOpen: true).authenticate(authorization: nil) == .missing)
    }

    @Test func `are read again once a second has gone by, and nobody comes in while they cannot be read`() async {
        struct Unreadable: Error {}
        let reads = Mutex(0)
        let entries = Mutex<[IssuedTokenTable.Entry]?>([entry(token)])
        let start = ContinuousClock.now
        let elapsed = Mutex(Duration.zero)
        let access = IssuedTokenAuthenticator(
            isOpenWithoutTokens: false, now: { start + elapsed.withLock { $0 } }, time: { 0 },
            read: {
                reads.withLock { $0 += 1 }
                guard let entries = entries.withLock({ $0 }) else { throw Unreadable() }
                return IssuedTokenTable(entries)
            })
        let good = Authentication.accepted(Principal(name: "token:laptop", scopes: [.read, .write]))
        #expect(await access.authenticate(authorization: header(token)) == good)
        entries.withLock { $0 = [entry(token, isRevoked: true)] }
        elapsed.withLock { $0 = .milliseconds(999) }
        #expect(await access.authenticate(authorization: header(token)) == good)
        #expect(reads.withLock { $0 } == 1)
        elapsed.withLock { $0 = .seconds(1) }
        #expect(await access.authenticate(authorization: header(token)) == .invalid(reason: "the token was revoked"))
        entries.withLock { $0 = nil }
        elapsed.withLock { $0 = .seconds(2) }
        #expect(await access.authenticate(authorization: header(token)) == .unavailable(reason: "the list of tokens cannot be read"))
    }
}
