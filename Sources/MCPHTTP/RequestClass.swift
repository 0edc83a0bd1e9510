import HTTPTypes
import JSON
import MCPCore

/// Which protocol a GET or DELETE speaks; a table, evaluated from the top.
enum ChannelClass: Sendable, Hashable {
    case legacySSE
    case sessionStream
    case endSession
    case methodNotAllowed
    case missingSession
    case unknownVersion
    case landing
    case notAcceptable

    init(method: HTTPRequest.Method, path: String, headers: HTTPFields) {
        let version = headers.trimmed(.mcpProtocolVersion)
        let revision = version.flatMap(Revision.init(rawValue:))
        let hasSession = headers[.mcpSessionID] != nil
        if let revision, !revision.isLegacy {
            self = .methodNotAllowed
        } else if version != nil, revision == nil {
            self = .unknownVersion
        } else if method == .delete {
            self = hasSession ? .endSession : .missingSession
        } else if !Accepting(headers[.accept]).namesEvents {
            self = path == "/" && !hasSession ? .landing : .notAcceptable
        } else {
            self = hasSession ? .sessionStream : .legacySSE
        }
    }
}

/// Which era a posted message belongs to: the body decides, the version header only where the body is silent.
enum MessageClass: Sendable, Hashable {
    case stateless
    /// A modern header or claim with something that the modern revisions do not have.
    case notStateless
    case initialize
    case session
    case droppedNotification
    case unknownVersion(String)
    case batch

    init(_ message: JSONRPCMessage, version: String?) {
        let revision = version.flatMap(Revision.init(rawValue:))
        let isModernHeader = revision.map { !$0.isLegacy } ?? false
        let isUnknownHeader = version != nil && revision == nil
        switch message {
        case .request(let request):
            let claim = request.params["_meta"]?[RequestMetadata.versionKey]
            let isStateless = claim?.string.flatMap(Revision.init(rawValue:)).map { !$0.isLegacy } ?? false
            if request.method == "initialize", !isStateless, !isModernHeader, !isUnknownHeader {
                // Whatever _meta holds beside it, this is the handshake of a legacy revision.
                self = .initialize
            } else if claim != nil || isModernHeader || isUnknownHeader {
                self = .stateless
            } else {
                self = request.method == "initialize" ? .initialize : .session
            }
        case .notification:
            if isModernHeader {
                self = .droppedNotification
            } else {
                self = isUnknownHeader ? .unknownVersion(version ?? "") : .session
            }
        case .response:
            self = isModernHeader || isUnknownHeader ? .notStateless : .session
        case .batch(let elements):
            let claims = elements.contains { element in
                guard case .success(.request(let request)) = element else { return false }
                return RequestMetadata.isClaimed(in: request.params)
            }
            self = claims || isModernHeader || isUnknownHeader ? .notStateless : .batch
        }
    }
}
