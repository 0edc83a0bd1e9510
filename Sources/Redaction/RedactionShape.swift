/// What a redacted secret looked like: a name of small letters, digits and hyphens, which stands in its placeholder.
package struct RedactionShape: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let rawValue: String

    /// What a placeholder has room for.
    package static let maximumLength = 32

    /// `nil` for a name of other characters or length.
    package init?(rawValue: String) {
        let isName = rawValue.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
        }
        guard isName, (1...Self.maximumLength).contains(rawValue.utf8.count) else { return nil }
        self.rawValue = rawValue
    }

    package init(stringLiteral literal: StaticString) {
        rawValue = literal.description
    }

    package var description: String { rawValue }

    /// A value that the user listed, or that stands in the environment.
    package static let exact: RedactionShape = "exact"
    /// A value beside a name such as `password`.
    package static let password: RedactionShape = "password"
    /// A value that looks drawn at random beside a name such as `token` or `api_key`.
    package static let namedSecret: RedactionShape = "named-secret"
    package static let connectionPassword: RedactionShape = "connection-password"
    package static let urlPassword: RedactionShape = "url-password"
    package static let bearer: RedactionShape = "bearer-token"
    package static let basic: RedactionShape = "basic-auth"
    package static let cookie: RedactionShape = "session-cookie"
    package static let awsAccessKey: RedactionShape = "aws-access-key"
    package static let github: RedactionShape = "github"
    package static let gitlab: RedactionShape = "gitlab"
    package static let slack: RedactionShape = "slack"
    package static let anthropic: RedactionShape = "anthropic"
    package static let openAI: RedactionShape = "openai"
    package static let google: RedactionShape = "google"
    package static let stripe: RedactionShape = "stripe"
    package static let npm: RedactionShape = "npm"
    package static let jwt: RedactionShape = "jwt"
    /// A token that `magenta token create` made.
    package static let magenta: RedactionShape = "magenta"
    package static let privateKey: RedactionShape = "private-key"
}
