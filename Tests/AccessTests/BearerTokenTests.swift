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

    @Test func `no header is missing credentials, anything else invalid ones`() async throws {
        let access = try BearerToken(token)
        #expect(await access.authenticate(authorization: nil) == .missing)
        for header in ["", "Bearer", "Bearer ", "Bearer \(token)0", "Bearer \(token.dropLast())", "Basic \(token)", token] {
            #expect(await access.authenticate(authorization: header) == .invalid, "accepted \(header.prefix(8))...")
        }
    }

    @Test func `a token that is short or no header value is refused with the command that makes one`() {
        #expect(throws: BearerTokenError.tooShort(minimum: 16)) { try BearerToken("short") }
        #expect(throws: BearerTokenError.notVisibleASCII) { try BearerToken("0123456789abcdef\n") }
        #expect(BearerTokenError.tooShort(minimum: 16).description.contains("openssl rand -hex 32"))
    }
}
