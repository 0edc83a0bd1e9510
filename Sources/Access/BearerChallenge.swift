/// Why a request is not let through, as far as a `WWW-Authenticate` header tells (RFC 6750 section 3.1).
public enum AccessFailure: Sendable, Hashable {
    /// 401: no credentials came.
    case missing
    /// 400: the `Authorization` header is not well-formed.
    case malformed(reason: String)
    /// 401: the token is wrong, has expired or is meant for somebody else.
    case invalid(reason: String)
    /// 403: the token is good and does not go far enough. `needed` are all scopes of the operation, also those already held.
    case insufficientScope(needed: [Scope])
}

/// The value of a `WWW-Authenticate` header with the scheme `Bearer`.
///
/// Reasons and names come from outside now and then, so nothing in them can end a quoted string or the header.
public struct BearerChallenge: Sendable, Hashable {
    /// What is the matter.
    public var failure: AccessFailure
    /// Where the protected resource metadata is (RFC 9728 section 5.1); `nil` on a server that has no authorization server, where the
    /// parameter would send clients to look for one.
    public var resourceMetadata: String?
    /// What a client should ask the authorization server for, where it has no token; a 403 names the scopes it needs instead.
    public var scopes: [Scope]

    /// A challenge with its parts.
    public init(_ failure: AccessFailure, resourceMetadata: String? = nil, scopes: [Scope] = []) {
        self.failure = failure
        self.resourceMetadata = resourceMetadata
        self.scopes = scopes
    }

    /// The value as it stands in the header.
    public var text: String {
        var asked = scopes
        var parameters: [(name: String, value: String)] = []
        if let resourceMetadata { parameters.append(("resource_metadata", resourceMetadata)) }
        let error: (code: String, reason: String)?
        switch failure {
        case .missing: error = nil
        case .malformed(let reason): error = ("invalid_request", reason)
        case .invalid(let reason): error = ("invalid_token", reason)
        case .insufficientScope(let needed):
            asked = needed
            error = ("insufficient_scope", "the token lacks a scope that this operation needs")
        }
        let list = asked.map(\.rawValue).filter(Scope.isValid).joined(separator: " ")
        if !list.isEmpty { parameters.append(("scope", list)) }
        if let error {
            parameters.append(("error", error.code))
            parameters.append(("error_description", Self.plain(error.reason)))
        }
        guard !parameters.isEmpty else { return "Bearer" }
        return "Bearer " + parameters.map { "\($0.name)=\(Self.quoted($0.value))" }.joined(separator: ", ")
    }

    /// A quoted string (RFC 9110 section 5.6.4) of visible ASCII and spaces; anything else is left out.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars where (0x20...0x7E).contains(scalar.value) {
            if scalar == "\"" || scalar == "\\" { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }

    /// RFC 6750 section 3 allows neither quotes nor backslashes in `error_description`, escaped or not. A line is long enough.
    private static func plain(_ reason: String) -> String {
        String(reason.prefix(200).map { $0 == "\"" ? "'" : $0 == "\\" ? "/" : $0 })
    }
}

extension Scope {
    /// Whether a text is a scope token: visible ASCII without quotes and backslashes (RFC 6749 section 3.3).
    public static func isValid(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 == 0x21 || (0x23...0x5B).contains($0) || (0x5D...0x7E).contains($0) }
    }
}
