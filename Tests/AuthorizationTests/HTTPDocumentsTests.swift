import Access
import JSON
import NIOHTTP1
import Testing

@testable import Authorization

@Suite struct HTTPDocumentsTests {
    private func read(_ address: String, timeout: Duration = .seconds(30)) async throws -> Document {
        try await HTTPDocuments(timeout: timeout).document(at: WebAddress(address))
    }

    @Test func `a token is checked with keys that are found, read and kept over HTTP`() async throws {
        try await IssuerServer.with { server in
            let key = try await TestKey.es256("1")
            let failures = FailureLog()
            let issuer = server.origin + "/realms/one"
            server["/.well-known/openid-configuration/realms/one"] = .json(["issuer": .string(issuer), "jwks_uri": .string(server.origin + "/keys")])
            server["/keys"] = .json(keySet(key), headers: [("Cache-Control", "public, max-age=600")])
            let access = try JWTAuthenticator.test(PublishedKeys(issuer: issuer, timeout: .seconds(30), onFailure: failures.add), issuer: issuer)
            let token = try key.token(claims(["iss": .string(issuer)]))
            await withTaskGroup(of: Authentication.self) { group in
                for _ in 0..<50 { group.addTask { await access.verdict(token) } }
                for await verdict in group {
                    #expect(verdict == .accepted(Principal(name: "sub:127.0.0.1%3A\(server.port)/realms/one:u1", scopes: [.read])))
                }
            }
            #expect(server.count("/keys") == 1 && server.count("/.well-known/oauth-authorization-server/realms/one") == 1)
            #expect(failures.all.isEmpty)
        }
    }

    @Test func `an issuer that is gone is reported to the log and not to the client`() async throws {
        let origin = try await IssuerServer.with { $0.origin }
        let key = try await TestKey.es256("1")
        let failures = FailureLog()
        let access = try JWTAuthenticator.test(PublishedKeys(issuer: origin, timeout: .seconds(30), onFailure: failures.add), issuer: origin)
        let verdict = await access.verdict(try key.token(claims(["iss": .string(origin)])))
        #expect(verdict == .unavailable(reason: "the keys of the token's issuer cannot be read now"))
        #expect(failures.all.count == 1 && failures.all.allSatisfy { $0.contains(origin) && $0.contains("Fix: ") })
    }

    @Test func `a document of more than a megabyte is not read, whether or not it says so`() async throws {
        try await IssuerServer.with { server in
            for isChunked in [false, true] {
                server["/keys"] = .bytes(HTTPDocuments.maximumBytes + 1, isChunked: isChunked)
                let error = await #expect(throws: DocumentError.self) { try await read(server.origin + "/keys") }
                #expect(error?.description == "its answer is larger than 1048576 bytes")
                server["/keys"] = .bytes(HTTPDocuments.maximumBytes, isChunked: isChunked)
                let whole = try await read(server.origin + "/keys")
                #expect(whole.bytes.count == HTTPDocuments.maximumBytes)
            }
        }
    }

    @Test func `redirects are not followed`() async throws {
        try await IssuerServer.with { server in
            server["/keys"] = .status(.found, headers: [("Location", "/other")])
            server["/other"] = .json([:])
            let error = await #expect(throws: DocumentError.self) { try await read(server.origin + "/keys") }
            #expect(error?.description == "it answered with status 302")
            #expect(server.count("/other") == 0)
        }
    }

    @Test func `an answer that does not end is given up`() async throws {
        try await IssuerServer.with { server in
            server["/keys"] = .stuck
            let error = await #expect(throws: DocumentError.self) { try await read(server.origin + "/keys", timeout: .milliseconds(300)) }
            #expect(error?.description.hasPrefix("it did not answer within") == true)
        }
    }

    @Test func `the lifetime is that of Cache-Control`() {
        #expect(HTTPDocuments.lifetime(cacheControl: []) == nil)
        #expect(HTTPDocuments.lifetime(cacheControl: ["public", "Max-Age=90"]) == .seconds(90))
        #expect(HTTPDocuments.lifetime(cacheControl: ["max-age=\"90\""]) == .seconds(90))
        #expect(HTTPDocuments.lifetime(cacheControl: ["max-age=90", "no-store"]) == .zero)
        #expect(HTTPDocuments.lifetime(cacheControl: ["max-age=99999999999999999999999"]) == .seconds(1 << 31))
        for odd in ["max-age=", "max-age=-1", "max-age=x", "s-maxage=5"] { #expect(HTTPDocuments.lifetime(cacheControl: [odd]) == nil) }
    }
}
