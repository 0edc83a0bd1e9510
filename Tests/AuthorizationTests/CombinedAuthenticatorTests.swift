import Access
import JSON
import Testing

@testable import Authorization

@Suite struct CombinedAuthenticatorTests {
    private let shared = "0123456789abcdef0123456789abcdef"

    @Test func `a shared token and a JWT both let in, each under its own name`() async throws {
        let key = try await TestKey.es256("1")
        let keys = CountedKeys(try await JSONWebKeySet(key))
        let access = CombinedAuthenticator(opaque: [try BearerToken(shared)], jwt: [try JWTAuthenticator.test(keys)])
        let holder = Principal(name: "token:default", scopes: [.read, .write, .admin])
        #expect(await access.authenticate(authorization: "Bearer \(shared)") == .accepted(holder))
        #expect(await access.authenticate(authorization: "Bearer \(shared)0") == .invalid(reason: "the token is not this server's"))
        #expect(keys.count == 0, "a shared token went to the JWT authenticator")
        let token = try key.token(claims())
        #expect(
            await access.authenticate(authorization: "Bearer \(token)")
                == .accepted(Principal(name: "sub:auth.example.com/realms/one:u1", scopes: [.read])))
        #expect(keys.count == 1)
    }

    @Test func `a refusal is by the one that the token was meant for`() async throws {
        let (one, two) = (try await TestKey.es256("1"), try await TestKey.es256("2"))
        let other = "https://two.example.com"
        let access = try await CombinedAuthenticator(
            opaque: [BearerToken(shared)],
            jwt: [JWTAuthenticator.test(JSONWebKeySet(one)), JWTAuthenticator.test(JSONWebKeySet(two), issuer: other)])
        let cases: [(String?, Authentication)] = [
            (nil, .missing), ("Basic x", .missing), ("Bearer x.y.z", .invalid(reason: "the token is not this server's")),
            ("Bearer " + (try one.token(claims(["exp": 0]))), .invalid(reason: "the token has expired")),
            ("Bearer " + (try two.token(claims(["exp": 0, "iss": .string(other)]))), .invalid(reason: "the token has expired")),
            ("Bearer " + (try two.token(claims(["iss": "https://three.example.com"]))), .invalid(reason: "the token comes from another issuer")),
            ("Bearer " + (try two.token(claims())), .invalid(reason: "the token is signed with a key that its issuer does not publish")),
        ]
        for (header, expected) in cases { #expect(await access.authenticate(authorization: header) == expected) }
        guard case .accepted = await access.authenticate(authorization: "Bearer " + (try two.token(claims(["iss": .string(other)])))) else {
            Issue.record("the second issuer's token was refused")
            return
        }
        guard case .malformed = await access.authenticate(authorization: "Bearer a b") else {
            Issue.record("two tokens in one header are not malformed")
            return
        }
    }
}
