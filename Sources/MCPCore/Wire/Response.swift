public import JSON

/// The answer to one request, ready for any transport.
public struct Response: Sendable, Hashable {
    /// The id of the request; absent where it could not be read. Never null: the schemas forbid that.
    public var id: RequestID?
    /// The members of the result, or the error that takes its place.
    public var outcome: Result<JSONObject, JSONRPCError>

    /// An answer with its parts.
    public init(id: RequestID?, outcome: Result<JSONObject, JSONRPCError>) {
        self.id = id
        self.outcome = outcome
    }

    /// An answer that is an error.
    public init(id: RequestID?, _ error: JSONRPCError) {
        self.init(id: id, outcome: .failure(error))
    }

    /// The error, where the answer is one.
    public var error: JSONRPCError? {
        guard case .failure(let error) = outcome else { return nil }
        return error
    }

    /// The answer as one line of JSON.
    public var bytes: [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        write(to: &writer)
        return writer.bytes
    }

    /// Writes the answer where one JSON value is due.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("jsonrpc")
        writer.write("2.0")
        switch id {
        case .integer(let number):
            writer.key("id")
            writer.write(number)
        case .string(let text):
            writer.key("id")
            writer.write(text)
        case nil: break
        }
        switch outcome {
        case .success(let result):
            writer.key("result")
            writer.write(.object(result))
        case .failure(let error):
            writer.key("error")
            writer.write(error.json)
        }
        writer.endObject()
    }
}
