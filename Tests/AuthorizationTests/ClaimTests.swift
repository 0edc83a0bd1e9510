import Access
import JSON
import Testing

@testable import Authorization

@Suite struct ClaimTests {
    private func principal(_ changes: JSONValue, hierarchy: ScopeHierarchy = .flat, issuer: String = issuer) async throws -> Principal? {
        let key = try await TestKey.es256("1")
        let access = try await JWTAuthenticator.test(JSONWebKeySet(key), issuer: issuer, hierarchy: hierarchy)
        var members = changes.object ?? [:]
        members["iss"] = .string(issuer)
        guard case .accepted(let principal) = await access.verdict(try key.token(claims(.object(members)))) else { return nil }
        return principal
    }

    @Test func `scopes are read from scope and from scp, as a string and as a list`() async throws {
        let cases: [(JSONValue, Set<Scope>)] = [
            (["scope": "read  write"], [.read, .write]), (["scope": nil, "scp": ["read", "admin"]], [.read, .admin]),
            (["scope": nil, "scp": "read write"], [.read, .write]), (["scope": "read", "scp": ["write"]], [.read, .write]),
            (["scope": nil], []), (["scope": ""], []), (["scope": 1, "scp": [1, "read"]], [.read]), (["scope": "read\" a\\b caf\u{e9}"], []),
            (["scope": ["read write"]], [.read, .write]),
        ]
        for (changes, expected) in cases { #expect(try await principal(changes)?.scopes == expected, "\(changes)") }
    }

    @Test func `a broad scope brings the narrower ones with it`() async throws {
        #expect(try await principal(["scope": "admin"], hierarchy: .standard)?.scopes == [.admin, .write, .read])
        #expect(try await principal(["scope": "write"], hierarchy: .standard)?.scopes == [.write, .read])
    }

    @Test func `a principal is named by issuer and subject`() async throws {
        #expect(try await principal(["sub": "auth0|5f7c"])?.name == "sub:auth.example.com/realms/one:auth0|5f7c")
        #expect(try await principal([:], issuer: "https://AUTH.example.com:8443/")?.name == "sub:auth.example.com%3A8443:u1")
        #expect(try await principal(["sub": nil, "client_id": "robot"])?.name == "sub:auth.example.com/realms/one:robot")
        for changes: JSONValue in [["sub": nil], ["sub": ""], ["sub": 1]] { #expect(try await principal(changes) == nil) }
    }

    @Test func `names are short, printable and never shared by two subjects`() async throws {
        let long = String(repeating: "x", count: 500)
        let subjects = [
            "bob", "bob\n", "bob\u{0}", "bob ", "b\u{e9}", "be\u{301}", "bob\u{202E}", "\n", long, long + "y", "bob#", "##",
        ]
        var names: Set<String> = []
        for subject in subjects {
            let name = try #require(try await principal(["sub": .string(subject)])?.name)
            #expect(name.utf8.count < 200 && name.utf8.allSatisfy { (0x21...0x7E).contains($0) })
            #expect(names.insert(name).inserted, "\(subject.debugDescription)")
            // Nobody can choose another's digest as a name.
            let copy = String(name.dropFirst("sub:auth.example.com/realms/one:".count))
            if copy != subject { #expect(try await principal(["sub": .string(copy)])?.name != name) }
        }
    }
}
