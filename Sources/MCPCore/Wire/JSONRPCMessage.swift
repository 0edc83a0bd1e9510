public import JSON

/// One JSON-RPC message as it was read from the wire, decoded once.
public enum JSONRPCMessage: Sendable, Hashable {
    case request(JSONRPCRequest)
    case notification(JSONRPCNotification)
    case response(JSONRPCResponse)
    /// An array of messages, which 2025-03-26 alone allows. Each element is read by itself, so that a bad one gets its own error.
    case batch([Result<JSONRPCMessage, JSONRPCDecodingError>])
}

/// A message that asks for a response.
public struct JSONRPCRequest: Sendable, Hashable {
    /// Ties the response to the request.
    public var id: RequestID
    /// What is asked for, such as `tools/call`.
    public var method: String
    /// The parameters; empty where the message has none.
    public var params: JSONObject

    /// A request with its parts.
    public init(id: RequestID, method: String, params: JSONObject = JSONObject()) {
        self.id = id
        self.method = method
        self.params = params
    }
}

/// A message that gets no response.
public struct JSONRPCNotification: Sendable, Hashable {
    /// What happened, such as `notifications/progress`.
    public var method: String
    /// The parameters; empty where the message has none.
    public var params: JSONObject

    /// A notification with its parts.
    public init(method: String, params: JSONObject = JSONObject()) {
        self.method = method
        self.params = params
    }

    /// The request that a `notifications/cancelled` names; `nil` for every other notification and for a malformed one.
    public var cancelledRequestID: RequestID? {
        guard method == "notifications/cancelled" else { return nil }
        return params["requestId"].flatMap(RequestID.init)
    }

    /// The notification as one line of JSON.
    public var bytes: [UInt8] {
        var writer = JSONWriter(capacity: 192)
        writer.beginObject()
        writer.key("jsonrpc")
        writer.write("2.0")
        writer.key("method")
        writer.write(method)
        if !params.isEmpty {
            writer.key("params")
            writer.write(.object(params))
        }
        writer.endObject()
        return writer.bytes
    }
}

/// A response that came from the other side, to a question that the server asked.
public struct JSONRPCResponse: Sendable, Hashable {
    /// The id of the question.
    public var id: RequestID
    /// Its result, or the error that took its place.
    public var outcome: Result<JSONValue, JSONRPCError>

    /// A response with its parts.
    public init(id: RequestID, outcome: Result<JSONValue, JSONRPCError>) {
        self.id = id
        self.outcome = outcome
    }
}
