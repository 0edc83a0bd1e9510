import Access
import Authorization
import Diagnosis
import FoundationEssentials
import Listeners
import Logging

/// What the settings say about listening: where, and who may come.
enum ListenSettings {
    /// Sockets that a service manager passes on come first; then the default is not listened on beside them.
    static func specifications(_ settings: Settings) throws -> [ListenSpecification] {
        let inherited = try InheritedSockets.specifications(
            environment: settings.environment, processID: ProcessInfo.processInfo.processIdentifier)
        if !inherited.isEmpty, settings.listen == [Setting.listen.defaultText] { return inherited }
        return try inherited + settings.listen.map { try ListenSpecification.parse($0) }
    }

    /// Who may come in, and what those are told who may not.
    struct Door {
        var authenticator: any Authenticator
        /// Where there is an authorization server.
        var resource: ProtectedResource?
    }

    /// The authenticator, and the rule that nothing beyond loopback is served to everybody by accident (docs/decisions/0003).
    static func access(
        _ settings: Settings, for listeners: [BoundListener], tokens: StoredTokens, logger: Logger
    ) async throws -> Door {
        let asks = settings.tokenFile != nil || settings.oauthIssuer != nil
        if asks, settings.needsNoAuth { throw UsageError("--no-auth excludes --token-file and --oauth-issuer; leave one out") }
        let hasLive = try await tokens.hasLive(at: SystemClock.now)
        if settings.needsNoAuth {
            guard !hasLive else {
                throw UsageError(
                    "--no-auth would let in everybody, and the store has tokens that clients are to send (magenta token list). Fix: leave out "
                        + "--no-auth, or revoke them all")
            }
            return Door(authenticator: OpenAccess())
        }
        let exposed = listeners.first { $0.family != .unix && !$0.isLoopback }
        if let exposed, !asks, !hasLive {
            throw UsageError(
                "listening on \(exposed.endpoint) would let everybody who can reach it read all conversations. Fix: make a token by "
                    + "`magenta token create NAME`; or give one by --token-file FILE (or MAGENTA_TOKEN_FILE), for example from: openssl rand "
                    + "-hex 32; or say --no-auth")
        }
        let issued = tokens.authenticator(isOpenWithoutTokens: !asks && exposed == nil, logger: logger)
        if let issuer = settings.oauthIssuer { return try door(issuer, settings, issued: issued, logger: logger) }
        guard let file = settings.tokenFile else { return Door(authenticator: issued) }
        return Door(authenticator: CombinedAuthenticator(opaque: [try token(in: file), issued], jwt: []))
    }

    private static func door(
        _ issuer: String, _ settings: Settings, issued: IssuedTokenAuthenticator, logger: Logger
    ) throws -> Door {
        guard let url = settings.publicURL else {
            throw UsageError("--oauth-issuer needs --public-url URL: tokens must be made out for the URL under which clients reach this server")
        }
        let opaque: [any Authenticator] = try settings.tokenFile.map { [try token(in: $0)] } ?? []
        do throws(AuthorizationSettingError) {
            let resource = try ProtectedResource(url: url, authorizationServers: [issuer], name: MemoryServer.name)
            let keys = try PublishedKeys(issuer: issuer) { logger.warning("cannot read the issuer's keys", metadata: ["reason": "\($0)"]) }
            let jwt = try JWTAuthenticator(issuer: issuer, resource: resource.url, keys: keys)
            return Door(authenticator: CombinedAuthenticator(opaque: opaque + [issued], jwt: [jwt]), resource: resource)
        } catch {
            throw UsageError("\(error)")
        }
    }

    private static func token(in path: String) throws -> BearerToken {
        let text = try TokenFile.text(path)
        do { return try BearerToken(text) } catch { throw UsageError("the token file \(path) is of no use: \(error)") }
    }
}
