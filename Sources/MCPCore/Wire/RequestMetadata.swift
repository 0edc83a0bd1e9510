public import JSON

/// What a request of 2026-07-28 says about itself in `params._meta`, where older revisions had a handshake.
public struct RequestMetadata: Sendable, Hashable {
    /// The key that makes a request one of 2026-07-28 or later.
    public static let versionKey = "io.modelcontextprotocol/protocolVersion"
    static let clientInfoKey = "io.modelcontextprotocol/clientInfo"
    static let capabilitiesKey = "io.modelcontextprotocol/clientCapabilities"
    static let serverInfoKey = "io.modelcontextprotocol/serverInfo"
    static let logLevelKey = "io.modelcontextprotocol/logLevel"

    /// The revision that the request names, as it stands there.
    public var version: String
    /// Who sent it, where it says so.
    public var client: Implementation?
    /// What its sender can do.
    public var capabilities: JSONObject

    /// Whether the parameters claim to be of a revision without handshake, well-formed or not.
    public static func isClaimed(in params: JSONObject) -> Bool {
        params["_meta"]?[versionKey] != nil
    }

    /// Reads the metadata of a request.
    ///
    /// - Throws: -32602 where the version or the capabilities are missing, or anything has the wrong type.
    public init(readingFrom params: JSONObject) throws(JSONRPCError) {
        guard let meta = params["_meta"] else { throw Self.invalid("_meta is missing") }
        guard case .object(let members) = meta else { throw Self.invalid("_meta is \(meta.kindName) and must be an object") }
        guard let version = members[Self.versionKey] else { throw Self.invalid("_meta lacks \(Self.versionKey)") }
        guard let version = version.string else { throw Self.invalid("\(Self.versionKey) must be a string") }
        guard let capabilities = members[Self.capabilitiesKey] else { throw Self.invalid("_meta lacks \(Self.capabilitiesKey)") }
        guard let capabilities = capabilities.object else { throw Self.invalid("\(Self.capabilitiesKey) must be an object") }
        self.version = version
        self.capabilities = capabilities
        if let info = members[Self.clientInfoKey] {
            guard let client = Implementation(info) else {
                throw Self.invalid("\(Self.clientInfoKey) must be an object with a name and a version")
            }
            self.client = client
        }
        if let level = members[Self.logLevelKey], level.string.flatMap(LogLevel.init(rawValue:)) == nil {
            throw Self.invalid("\(Self.logLevelKey) must be one of \(LogLevel.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    /// The revision that the request names.
    ///
    /// - Throws: -32022 for one that is not served without a handshake.
    public func revision() throws(JSONRPCError) -> Revision {
        guard let revision = Revision(rawValue: version), !revision.isLegacy else { throw .unsupportedVersion(version) }
        return revision
    }

    private static func invalid(_ what: String) -> JSONRPCError {
        JSONRPCError(.invalidParams, "Invalid request metadata: \(what).")
    }
}
