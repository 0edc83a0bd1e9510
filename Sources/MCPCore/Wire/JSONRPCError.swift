package import Access
public import JSON

/// The `error` member of a response.
public struct JSONRPCError: Error, Sendable, Hashable {
    /// What kind of error it is.
    public var code: ErrorCode
    /// One sentence for the reader on the other side; never anything internal.
    public var message: String
    /// What the code's definition says goes with it.
    public var data: JSONValue?
    /// The scopes without which the operation is refused; over HTTP the answer is then 403 with a challenge. Never on the wire.
    package var neededScopes: Set<Scope> = []

    /// - Parameters:
    ///   - code: what kind of error it is.
    ///   - message: one sentence without internals or secrets.
    ///   - data: what the code's definition says goes with it.
    public init(_ code: ErrorCode, _ message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// The error as it stands on the wire.
    public var json: JSONValue {
        var object: JSONObject = ["code": .integer(Int64(code.rawValue)), "message": .string(message)]
        if let data { object["data"] = data }
        return .object(object)
    }
}

/// A JSON-RPC error code, with the ones that MCP defines.
public struct ErrorCode: RawRepresentable, Sendable, Hashable {
    /// The number on the wire.
    public var rawValue: Int

    /// Any code; prefer the named ones.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The bytes are no JSON.
    public static let parseError = ErrorCode(rawValue: -32700)
    /// The JSON is no valid message, or not one that may stand here.
    public static let invalidRequest = ErrorCode(rawValue: -32600)
    /// No such method, or one of a capability that the server lacks.
    public static let methodNotFound = ErrorCode(rawValue: -32601)
    /// The parameters do not fit the method.
    public static let invalidParams = ErrorCode(rawValue: -32602)
    /// The server failed.
    public static let internalError = ErrorCode(rawValue: -32603)
    /// Up to 2025-11-25: nothing is under this URI.
    public static let resourceNotFound = ErrorCode(rawValue: -32002)
    /// 2025-11-25 alone: the user has to open a page first.
    public static let urlElicitationRequired = ErrorCode(rawValue: -32042)
    /// 2026-07-28: a routing header is missing or contradicts the body.
    public static let headerMismatch = ErrorCode(rawValue: -32020)
    /// 2026-07-28: the request needs a client capability that it does not declare.
    public static let missingCapability = ErrorCode(rawValue: -32021)
    /// 2026-07-28: the revision that the request names is not served statelessly.
    public static let unsupportedVersion = ErrorCode(rawValue: -32022)
}

extension JSONRPCError {
    /// The method does not exist in the revision that is spoken.
    public static func methodNotFound(_ method: String) -> JSONRPCError {
        JSONRPCError(.methodNotFound, "Method not found: \(method.prefix(128))")
    }

    /// The request names a revision that has no stateless form here; `data` holds what does.
    public static func unsupportedVersion(_ requested: String) -> JSONRPCError {
        let supported = Revision.stateless.map { JSONValue.string($0.rawValue) }
        return JSONRPCError(
            .unsupportedVersion, "Unsupported protocol version: \(requested.prefix(64))",
            data: ["supported": .array(supported), "requested": .string(String(requested.prefix(64)))])
    }

    /// The principal lacks scopes.
    static func insufficientScope(_ needed: Set<Scope>, for operation: String) -> JSONRPCError {
        let names = needed.map(\.rawValue).sorted().joined(separator: " ")
        var error = JSONRPCError(.invalidRequest, "\(operation) needs a token with the scope \(names).")
        error.neededScopes = needed
        return error
    }

    /// The handler ran on a task that was cancelled; goes out only where a stream has to end with something.
    public static let cancelled = JSONRPCError(.internalError, "The request was cancelled.")
}
