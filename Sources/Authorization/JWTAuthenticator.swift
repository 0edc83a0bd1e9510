public import Access
import JWTKit

/// Lets in whoever holds a signed access token of one issuer that is made out for this server (RFC 9068; MCP 2025-06-18 and later,
/// authorization, access token usage).
///
/// ```swift
/// let issuer = "https://auth.example.com"
/// let access = try JWTAuthenticator(
///     issuer: issuer, resource: "https://mcp.example.com/mcp", keys: PublishedKeys(issuer: issuer) { logger.warning("\($0)") })
/// ```
///
/// The token goes nowhere else: not into a log, not into an answer, not to another server.
public struct JWTAuthenticator: Authenticator {
    private let rule: ClaimRule
    private let keys: any KeySource
    private let hierarchy: ScopeHierarchy
    private let now: @Sendable () -> Double

    /// - Parameters:
    ///   - issuer: what `iss` must be, to the letter.
    ///   - resource: the URL of this server, one of which `aud` must be; see ``ProtectedResource/url``.
    ///   - otherAudiences: other names that the issuer has for this server, for those that cannot put a URL into `aud`.
    ///   - keys: the issuer's keys: ``PublishedKeys`` or a ``JSONWebKeySet``.
    ///   - hierarchy: a principal has the scopes of its token and all that they stand for.
    ///   - leeway: by how much the clocks of this server and of the issuer may differ; at most five minutes count.
    ///   - now: seconds since 1970.
    public init(
        issuer: String, resource: String, otherAudiences: [String] = [], keys: any KeySource, hierarchy: ScopeHierarchy = .standard,
        leeway: Duration = .seconds(60), now: (@Sendable () -> Double)? = nil
    ) throws(AuthorizationSettingError) {
        rule = ClaimRule(
            issuer: issuer, issuerAddress: try WebAddress.issuer(issuer), resource: try WebAddress.resource(resource),
            otherAudiences: otherAudiences, leeway: min(max(leeway, .zero), .seconds(300)) / .seconds(1))
        self.keys = keys
        self.hierarchy = hierarchy
        self.now = now ?? { Double(WallClock.milliseconds()) / 1000 }
    }

    /// Checks the token behind `Bearer`.
    public func authenticate(authorization: String?) async -> Authentication {
        switch BearerCredentials(authorization: authorization) {
        case .absent: .missing
        case .malformed(let reason): .malformed(reason: reason)
        case .token(let token): await authenticate(token: token).authentication
        }
    }

    /// The principal of a token, or what is wrong with it.
    enum Verdict {
        case accepted(Principal)
        case tooLong
        case flawed(TokenFlaw)

        var authentication: Authentication {
            switch self {
            case .accepted(let principal): .accepted(principal)
            case .tooLong: .malformed(reason: "the token is longer than \(CompactToken.maximumBytes) bytes")
            case .flawed(.keysUnavailable): .unavailable(reason: TokenFlaw.keysUnavailable.description)
            case .flawed(let flaw): .invalid(reason: flaw.description)
            }
        }
    }

    func authenticate(token: Substring) async -> Verdict {
        guard token.utf8.count <= CompactToken.maximumBytes else { return .tooLong }
        do throws(TokenFlaw) { return .accepted(try await principal(of: token)) } catch { return .flawed(error) }
    }

    private func principal(of token: Substring) async throws(TokenFlaw) -> Principal {
        let token = try CompactToken(token)
        // Before the keys: what claims to be somebody else's makes nobody fetch anything.
        guard rule.isFromIssuer(token.claims) else { throw .issuer }
        try await checkSignature(of: token)
        try rule.check(token.claims, now: now())
        return Principal(name: try rule.name(token.claims), scopes: hierarchy.expanded(rule.scopes(token.claims)))
    }

    private func checkSignature(of token: CompactToken) async throws(TokenFlaw) {
        let set: JSONWebKeySet
        do { set = try await keys.keys(having: token.identifier) } catch { throw .keysUnavailable }
        let verifiers = set.verifiers(identifier: token.identifier, algorithm: token.algorithm)
        guard !verifiers.isEmpty else { throw .unknownKey }
        // jwt-kit throws where a signature has not even the right length.
        let isValid = verifiers.contains { (try? $0.verify(token.signature, signs: token.signedBytes)) ?? false }
        guard isValid else { throw .signature }
    }
}
