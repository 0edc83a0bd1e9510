import JSON
import Testing

@testable import Authorization

@Suite struct IssuerDiscoveryTests {
    private let documents = ScriptedDocuments()
    private let failures = FailureLog()
    private let oauth = "https://auth.example.com/.well-known/oauth-authorization-server/realms/one"
    private let openID = "https://auth.example.com/.well-known/openid-configuration/realms/one"
    private let appended = "https://auth.example.com/realms/one/.well-known/openid-configuration"
    private let address = "https://keys.example.net/one?v=2"

    private func find() async throws -> Int {
        let keys = try PublishedKeys(issuer: issuer, keysURL: nil, documents: documents, now: TestClock().now, onFailure: failures.add)
        return try await keys.keys(having: "1").count
    }

    private func metadata(_ name: String = issuer, keys: JSONValue) -> JSONValue { ["issuer": .string(name), "jwks_uri": keys] }

    @Test func `the places are those of RFC 8414 and OpenID, in that order`() throws {
        func places(_ issuer: String) throws -> [String] { IssuerMetadata.addresses(of: try WebAddress(issuer)).map(\.text) }
        #expect(try places(issuer) == [oauth, openID, appended])
        let root = ["https://a.example/.well-known/oauth-authorization-server", "https://a.example/.well-known/openid-configuration"]
        #expect(try places("https://a.example") == root)
        #expect(try places("https://a.example/") == root)
    }

    @Test func `keys are found through the first place that has a document`() async throws {
        documents.answer(address, keySet(try await .es256("1")))
        documents.answer(appended, metadata(keys: .string(address)))
        #expect(try await find() == 1)
        #expect([oauth, openID, appended].map(documents.count) == [1, 1, 1])
        documents.answer(oauth, metadata(keys: .string(address)))
        #expect(try await find() == 1)
        #expect([oauth, openID, appended].map(documents.count) == [2, 1, 1])
        #expect(failures.all.isEmpty)
    }

    @Test func `a document of somebody else is not used`() async throws {
        documents.answer(address, keySet(try await .es256("1")))
        for name in ["https://evil.example", issuer + "/", issuer.uppercased(), ""] {
            documents.answer(oauth, metadata(name, keys: .string(address)))
            await #expect(throws: KeysUnavailable.self) { try await find() }
        }
        #expect(documents.count(address) == 0)
        #expect(failures.all.count == 4 && failures.all.allSatisfy { $0.contains("another \"issuer\"") })
        documents.answer(openID, metadata(keys: .string(address)))
        #expect(try await find() == 1)
    }

    @Test func `keys over plain http, on this machine or nowhere are not used`() async throws {
        for keys: JSONValue in ["http://auth.example.com/keys", "http://127.0.0.1/keys", "file:///etc/passwd", "/keys", nil, 1] {
            documents.answer(oauth, metadata(keys: keys))
            await #expect(throws: KeysUnavailable.self) { try await find() }
        }
        #expect(failures.all.count == 6)
    }

    @Test func `a server that cannot be reached is asked once`() async throws {
        documents.fail(oauth)
        await #expect(throws: KeysUnavailable.self) { try await find() }
        #expect([oauth, openID, appended].map(documents.count) == [1, 0, 0])
    }

    @Test func `addresses that cannot be trusted are refused at the start`() {
        let (bad, good) = ("http://auth.example.com", "https://a.example")
        for (name, keys) in [(bad, nil), (good, "http://b.example/keys"), ("x", nil), (good, "x")] {
            #expect(throws: AuthorizationSettingError.self) { try PublishedKeys(issuer: name, keysURL: keys) { _ in } }
        }
    }
}
