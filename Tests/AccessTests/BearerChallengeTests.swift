import Testing

@testable import Access

@Suite struct BearerChallengeTests {
    @Test func `without an authorization server says Bearer, and what is wrong with a token`() {
        #expect(BearerChallenge(.missing).text == "Bearer")
        #expect(
            BearerChallenge(.invalid(reason: "the token has expired")).text
                == #"Bearer error="invalid_token", error_description="the token has expired""#)
        #expect(
            BearerChallenge(.malformed(reason: "no token stands behind \"Bearer\"")).text
                == #"Bearer error="invalid_request", error_description="no token stands behind 'Bearer'""#)
    }

    @Test func `names where the metadata is and what to ask for`() {
        let challenge = BearerChallenge(.missing, resourceMetadata: "https://a.example/m", scopes: [.read, .write])
        #expect(challenge.text == #"Bearer resource_metadata="https://a.example/m", scope="read write""#)
        let scope = BearerChallenge(.insufficientScope(needed: [.admin]), resourceMetadata: "https://a.example/m", scopes: [.read])
        #expect(
            scope.text
                == #"Bearer resource_metadata="https://a.example/m", scope="admin", error="insufficient_scope", error_description="the token lacks a scope that this operation needs""#
        )
    }

    @Test func `lets nothing out of a quoted string or into a second header`() {
        #expect(BearerChallenge.quoted("a\"b\\c\r\nX: y\u{7F}\u{e9}\u{0}") == #""a\"b\\cX: y""#)
        let nasty = BearerChallenge(
            .invalid(reason: "x\", error=\"none\\\r\nSet-Cookie: a=b"), resourceMetadata: "https://a.example/\"\r\n",
            scopes: [Scope(rawValue: "a\" b"), Scope(rawValue: ""), .read])
        #expect(
            nasty.text
                == #"Bearer resource_metadata="https://a.example/\"", scope="read", error="invalid_token", error_description="x', error='none/Set-Cookie: a=b""#
        )
        #expect(BearerChallenge(.invalid(reason: String(repeating: "x", count: 9999))).text.utf8.count < 300)
    }
}
