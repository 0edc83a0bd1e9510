import HTTPTypes

extension HTTPField.Name {
    static let host = named("Host")
    static let requestID = named("X-Request-Id")
    static let forwarded = named("Forwarded")
    static let forwardedFor = named("X-Forwarded-For")
    static let forwardedProto = named("X-Forwarded-Proto")
    static let accelBuffering = named("X-Accel-Buffering")

    /// Of a literal in this file, which is a token.
    private static func named(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no field name") }
        return field
    }
}
