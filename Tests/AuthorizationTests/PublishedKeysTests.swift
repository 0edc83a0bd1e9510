import Access
import JSON
import Testing

@testable import Authorization

@Suite struct PublishedKeysTests {
    private let address = "https://auth.example.com/keys"
    private let documents = ScriptedDocuments()
    private let clock = TestClock()
    private let failures = FailureLog()

    private func make() throws -> PublishedKeys {
        try PublishedKeys(issuer: issuer, keysURL: address, documents: documents, now: clock.now, onFailure: failures.add)
    }

    @Test func `fifty requests at once share one fetch`() async throws {
        let key = try await TestKey.es256("1")
        documents.answer(address, keySet(key))
        let keys = try make()
        let access = try JWTAuthenticator.test(keys)
        let token = try key.token(claims())
        let open = documents.hold()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    guard case .accepted = await access.verdict(token) else { return false }
                    return true
                }
            }
            #expect(await turnsUntil { await keys.waitingCount == 49 })
            open()
            for await isAccepted in group { #expect(isAccepted) }
        }
        #expect(documents.count(address) == 1)
        #expect(await keys.waitingCount == 0)
    }

    @Test func `a rotated key is picked up with one fetch, and unknown ones cause no more than one in thirty seconds`() async throws {
        let (old, new, foreign) = (try await TestKey.es256("1"), try await TestKey.es256("2"), try await TestKey.es256("3"))
        documents.answer(address, keySet(old))
        let access = try JWTAuthenticator.test(make())
        let unknown = Authentication.invalid(reason: "the token is signed with a key that its issuer does not publish")
        guard case .accepted = await access.verdict(try old.token(claims())) else { throw Refused() }
        #expect(documents.count(address) == 1)

        documents.answer(address, keySet(new))
        clock.advance(.seconds(1))
        let tokens = try (0..<50).map { try ($0 < 25 ? new : foreign).token(claims()) }
        await withTaskGroup(of: Bool.self) { group in
            for (place, token) in tokens.enumerated() {
                group.addTask {
                    let verdict = await access.verdict(token)
                    if place >= 25 { return verdict == unknown }
                    guard case .accepted = verdict else { return false }
                    return true
                }
            }
            for await isRight in group { #expect(isRight) }
        }
        #expect(documents.count(address) == 2)
        #expect(await access.verdict(try old.token(claims())) == unknown, "the key was withdrawn")

        clock.advance(.seconds(29))
        #expect(await access.verdict(try foreign.token(claims())) == unknown)
        #expect(documents.count(address) == 2)
        clock.advance(.seconds(1))
        #expect(await access.verdict(try foreign.token(claims())) == unknown)
        #expect(documents.count(address) == 3)
    }

    @Test(arguments: [(nil, 3600), (Duration.zero, 60), (.seconds(5), 60), (.seconds(600), 600), (.seconds(1_000_000), 86400)])
    func `keys are kept as long as their document says, within a minute and a day`(lifetime: Duration?, seconds: Int) async throws {
        documents.answer(address, keySet(try await .es256("1")), lifetime: lifetime)
        let keys = try make()
        _ = try await keys.keys(having: "1")
        clock.advance(.seconds(seconds - 1))
        _ = try await keys.keys(having: "1")
        #expect(documents.count(address) == 1)
        clock.advance(.seconds(1))
        _ = try await keys.keys(having: "1")
        #expect(documents.count(address) == 2)
    }

    @Test func `while the issuer is down the keys at hand work on for a day, and then nobody comes in`() async throws {
        let key = try await TestKey.es256("1")
        documents.answer(address, keySet(key), lifetime: .seconds(60))
        let access = try JWTAuthenticator.test(make())
        let token = try key.token(claims())
        guard case .accepted = await access.verdict(token) else { throw Refused() }

        documents.fail(address)
        clock.advance(.seconds(60))
        for _ in 0..<10 { guard case .accepted = await access.verdict(token) else { throw Refused() } }
        #expect(documents.count(address) == 2, "a failed fetch is tried again at once")
        clock.advance(.seconds(30))
        guard case .accepted = await access.verdict(token) else { throw Refused() }
        #expect(documents.count(address) == 3)

        clock.advance(.seconds(24 * 3600 - 31))
        guard case .accepted = await access.verdict(token) else { throw Refused() }
        clock.advance(.seconds(10))
        let verdict = await access.verdict(token)
        #expect(verdict == .unavailable(reason: "the keys of the token's issuer cannot be read now"))
        #expect(failures.all.count == documents.count(address) - 1)
        #expect(failures.all.allSatisfy { $0.contains("10.0.0.7") && $0.contains(issuer) })

        documents.answer(address, keySet(key))
        clock.advance(.seconds(5))
        guard case .accepted = await access.verdict(token) else { throw Refused() }
    }

    @Test func `an issuer that was never reached is asked again after five seconds, not at every request`() async throws {
        documents.fail(address)
        let keys = try make()
        for _ in 0..<10 { await #expect(throws: KeysUnavailable.self) { try await keys.keys(having: "1") } }
        #expect(documents.count(address) == 1)
        documents.answer(address, keySet(try await .es256("1")))
        clock.advance(.seconds(5))
        #expect(try await keys.keys(having: "1").count == 1)
    }

    @Test func `whoever comes while keys are read again goes on with those at hand`() async throws {
        documents.answer(address, keySet(try await .es256("1")), lifetime: .seconds(60))
        let keys = try make()
        _ = try await keys.keys(having: "1")
        clock.advance(.seconds(60))
        let open = documents.hold()
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask { try await keys.keys(having: "1").count }
            #expect(await turnsUntil { documents.count(address) == 2 })
            #expect(try await keys.keys(having: "1").count == 1)
            #expect(try await keys.keys(having: nil).count == 1)
            open()
            try await group.waitForAll()
        }
        #expect(documents.count(address) == 2)
    }

    @Test func `a request that leaves while it fetches for others hands the fetch on, and one that waits leaves alone`() async throws {
        documents.answer(address, keySet(try await .es256("1")))
        let keys = try make()
        let open = documents.hold()
        try await withThrowingTaskGroup(of: Int.self) { others in
            await withThrowingTaskGroup(of: Int.self) { first in
                first.addTask { try await keys.keys(having: "1").count }
                #expect(await turnsUntil { documents.count(address) == 1 })
                for _ in 0..<3 { others.addTask { try await keys.keys(having: "1").count } }
                #expect(await turnsUntil { await keys.waitingCount == 3 })
                await withThrowingTaskGroup(of: Int.self) { waiter in
                    waiter.addTask { try await keys.keys(having: "1").count }
                    #expect(await turnsUntil { await keys.waitingCount == 4 })
                    waiter.cancelAll()
                    await #expect(throws: CancellationError.self) { try await waiter.waitForAll() }
                }
                first.cancelAll()
                await #expect(throws: CancellationError.self) { try await first.waitForAll() }
            }
            #expect(await turnsUntil { documents.count(address) == 2 })
            open()
            for try await count in others { #expect(count == 1) }
        }
        #expect(documents.count(address) == 2)
        #expect(failures.all.isEmpty)
    }

    @Test func `a search for a new key is handed on too, although it just began`() async throws {
        let (old, new) = (try await TestKey.es256("1"), try await TestKey.es256("2"))
        documents.answer(address, keySet(old))
        let keys = try make()
        _ = try await keys.keys(having: "1")
        documents.answer(address, keySet(old, new))
        _ = documents.hold()
        await withTaskGroup(of: Bool?.self) { waiter in
            await withThrowingTaskGroup(of: JSONWebKeySet.self) { first in
                first.addTask { try await keys.keys(having: "2") }
                #expect(await turnsUntil { documents.count(address) == 2 })
                waiter.addTask { try? await keys.keys(having: "2").holds("2") }
                #expect(await turnsUntil { await keys.waitingCount == 1 })
                first.cancelAll()
                await #expect(throws: CancellationError.self) { try await first.waitForAll() }
            }
            #expect(await waiter.next() == true)
        }
        #expect(documents.count(address) == 3)
    }
}

/// A token was refused that should not be.
struct Refused: Error {}
