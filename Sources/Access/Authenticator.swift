/// Decides from the `Authorization` header who asks.
public protocol Authenticator: Sendable {
    /// - Parameter authorization: the header's value, or `nil` where the request carries none.
    func authenticate(authorization: String?) async -> Authentication
}

/// What came of looking at a request's credentials.
public enum Authentication: Sendable, Hashable {
    case accepted(Principal)
    /// No credentials were presented: HTTP 401 without `error`.
    case missing
    /// Credentials were presented and are not valid: HTTP 401 with `error="invalid_token"` (RFC 6750 section 3.1).
    case invalid
}

/// Lets everybody in, as `--no-auth` and loopback listeners do.
public struct OpenAccess: Authenticator {
    /// An authenticator without a secret.
    public init() {}

    /// Accepts whatever comes.
    public func authenticate(authorization: String?) async -> Authentication { .accepted(.anonymous) }
}
