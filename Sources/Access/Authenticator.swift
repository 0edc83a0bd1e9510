/// Decides from the `Authorization` header who asks.
public protocol Authenticator: Sendable {
    /// - Parameter authorization: the header's value, or `nil` where the request carries none.
    func authenticate(authorization: String?) async -> Authentication
}

/// What came of looking at a request's credentials. Every reason is a clause without a full stop and without any part of the token, since
/// it is shown to whoever asked.
public enum Authentication: Sendable, Hashable {
    case accepted(Principal)
    /// No credentials of a scheme that is served were presented: HTTP 401 without `error`.
    case missing
    /// The header is not written as RFC 6750 section 2.1 says: HTTP 400 with `error="invalid_request"`.
    case malformed(reason: String)
    /// Credentials were presented and are not valid: HTTP 401 with `error="invalid_token"` (RFC 6750 section 3.1).
    case invalid(reason: String)
    /// Nobody can tell now, since what the credentials are checked with cannot be had: HTTP 503. A 401 would make clients throw away a
    /// token that may be good.
    case unavailable(reason: String)
}

/// Lets everybody in, as `--no-auth` and loopback listeners do.
public struct OpenAccess: Authenticator {
    /// An authenticator without a secret.
    public init() {}

    /// Accepts whatever comes.
    public func authenticate(authorization: String?) async -> Authentication { .accepted(.anonymous) }
}
