import Testing

@testable import Access

@Suite struct BearerTokenTests {
    private let token = "0123456789abcdef0123456789abcdef"

    @Test func `the right token is accepted, with the scheme in any case`() async throws {
        let access = try BearerToken(token)
        for scheme in ["Bearer", "bearer", "BEARER"] {
            guard case .accepted(let principal) = await access.authenticate(authorization: "\(scheme) \(token)") else {
                Issue.record("refused with the scheme \(scheme)")
                continue
            }
            #expect(principal.name == "token:default")
        }
    }

    @Test func `no header or another scheme is missing credentials, no token a malformed header, anything else an invalid token`() async throws {
        let access = try BearerToken(token)
        for header in [nil, "", "Basic \(token)", token] {
            #expect(await access.authenticate(authorization: header) == .missing, "took \(header?.prefix(8) ?? "nothing")...")
        }
        for header in ["Bearer", "Bearer ", "bearer\t", "Bearer \(token) \(token)", "Bearer \(token), Bearer \(token)", "Bearer \u{e9}"] {
            guard case .malformed = await access.authenticate(authorization: header) else {
                Issue.record("took \(header.prefix(8))...")
                continue
            }
        }
        for header in ["Bearer \(token)0", "Bearer \(token.dropLast())", "Bearer ${TOKEN}"] {
            #expect(await access.authenticate(authorization: header) == .invalid(reason: "the token is not this server's"))
        }
    }

    @Test func `a token that is short or no header value is refused with the command that makes one`() {
        #expect(throws: BearerTokenError.tooShort(minimum: 16)) { try BearerToken("short") }
        #expect(throws: BearerTokenError.notVisibleASCII) { try BearerToken("0123456789abcdef\n") }
        #expect(BearerTokenError.tooShort(minimum: 16).description.contains("openssl rand -hex 32"))
    }

    @Test func `what is printed of it is the name alone`() throws {
        let access = try BearerToken(token, name: "ana")
        #expect("\(access)" == "BearerToken(token:ana)")
        #expect("\([access] as [any Authenticator])" == "[BearerToken(token:ana)]")
        #expect(String(reflecting: access) == "BearerToken(token:ana)")
    }
}
