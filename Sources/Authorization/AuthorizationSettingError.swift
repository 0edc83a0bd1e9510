/// Why a setting of the authorization cannot be used.
public struct AuthorizationSettingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which setting: `the issuer`, `the resource`.
    public var setting: String
    /// As it was given.
    public var value: String
    /// A clause: `it has a fragment (#)`.
    public var reason: String
    /// What to write instead.
    public var fix: String

    /// One sentence with the fix behind it. A user name or password in a URL is not repeated.
    public var description: String {
        let oneLine = String(value.unicodeScalars.prefix(200).map { (0x20...0x7E).contains($0.value) ? Character($0) : "?" })
        let shown = value.isEmpty || value.contains("@") ? "" : " \"\(oneLine)\""
        return "\(setting)\(shown) cannot be used: \(reason). Fix: \(fix)"
    }
}

extension WebAddress {
    /// An address that a person configured.
    static func setting(
        _ setting: String, _ text: String, allowsQuery: Bool = false, fix: String
    ) throws(AuthorizationSettingError) -> WebAddress {
        do throws(WebAddress.Flaw) {
            let address = try WebAddress(text)
            if !allowsQuery, address.query != nil { throw .query }
            return address
        } catch {
            throw AuthorizationSettingError(setting: setting, value: text, reason: error.description, fix: fix)
        }
    }

    /// An issuer identifier: no query and no fragment, and https (RFC 8414 section 2) unless it is on this machine.
    static func issuer(_ text: String) throws(AuthorizationSettingError) -> WebAddress {
        let fix = "write it exactly as the authorization server does in \"issuer\", such as https://auth.example.com/realms/one"
        let address = try setting("the issuer", text, fix: fix)
        guard address.isTrustworthy else {
            throw AuthorizationSettingError(setting: "the issuer", value: text, reason: "plain http leaves this machine", fix: fix)
        }
        return address
    }
}
