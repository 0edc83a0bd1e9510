/// What a redacted secret looked like. The raw value stands in its placeholder.
package enum RedactionShape: String, Sendable, Hashable, CaseIterable {
    /// A value of the secrets file.
    case exact
    case awsAccessKey = "aws-access-key"
    case github
    case gitlab
    case slack
    case anthropic
    case openAI = "openai"
    case google
    case stripe
    case npm
    case jwt
    /// A token that `magenta token create` made.
    case magenta
    case privateKey = "private-key"
}
