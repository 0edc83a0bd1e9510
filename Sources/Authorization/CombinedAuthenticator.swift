public import Access

/// A shared token and the tokens of authorization servers side by side: the first authenticator that accepts wins.
public struct CombinedAuthenticator: Authenticator {
    private let opaque: [any Authenticator]
    private let jwt: [JWTAuthenticator]

    /// - Parameters:
    ///   - opaque: asked about every token; they must not give it away.
    ///   - jwt: asked about what looks like a JWT and only that, one for each issuer.
    public init(opaque: [any Authenticator], jwt: [JWTAuthenticator]) {
        self.opaque = opaque
        self.jwt = jwt
    }

    /// Asks one after the other. Where none accepts, the answer is by the one that the token was most likely meant for.
    public func authenticate(authorization: String?) async -> Authentication {
        let token: Substring
        switch BearerCredentials(authorization: authorization) {
        case .absent: return .missing
        case .malformed(let reason): return .malformed(reason: reason)
        case .token(let found): token = found
        }
        var answer = Authentication.invalid(reason: "the token is not known")
        for authenticator in opaque {
            answer = await authenticator.authenticate(authorization: authorization)
            if case .accepted = answer { return answer }
        }
        guard CompactToken.isShaped(token) else { return answer }
        for (place, authenticator) in jwt.enumerated() {
            let verdict = await authenticator.authenticate(token: token)
            if case .accepted(let principal) = verdict { return .accepted(principal) }
            // Of several issuers the one that the token names has more to say than the others.
            if case .flawed(.issuer) = verdict, place > 0 { continue }
            answer = verdict.authentication
        }
        return answer
    }
}
