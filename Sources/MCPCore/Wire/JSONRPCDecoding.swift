public import JSON

/// Why bytes are no JSON-RPC message.
public struct JSONRPCDecodingError: Error, Sendable, Hashable {
    /// What is wrong.
    public enum Reason: Sendable, Hashable {
        case notJSON(JSONError)
        /// Neither an object nor an array.
        case notAnObject
        /// `jsonrpc` is not `"2.0"`.
        case wrongVersion
        case emptyBatch
        case tooManyInBatch(limit: Int)
        /// A batch inside of a batch.
        case nestedBatch
        /// The id is null, a fraction or anything else that is neither a string nor an integer.
        case invalidID
        case methodNotString
        case paramsNotObject
        /// No method, and not exactly one of `result` and `error` either.
        case neitherRequestNorResponse
        case malformedError
    }

    /// What is wrong.
    public var reason: Reason
    /// The id of the message, where one could be read.
    public var id: RequestID?

    /// An error with its parts.
    public init(_ reason: Reason, id: RequestID? = nil) {
        self.reason = reason
        self.id = id
    }

    /// The error as the other side gets it.
    public var error: JSONRPCError {
        if case .notJSON(let error) = reason { return JSONRPCError(.parseError, "Parse error: \(error)") }
        return JSONRPCError(.invalidRequest, "Invalid request: \(sentence)")
    }

    private var sentence: String {
        switch reason {
        case .notJSON(let error): "\(error)"
        case .notAnObject: "a message is a JSON object"
        case .wrongVersion: "\"jsonrpc\" must be \"2.0\""
        case .emptyBatch: "the batch holds no message"
        case .tooManyInBatch(let limit): "the batch holds more than \(limit) messages; send several batches"
        case .nestedBatch: "a batch cannot hold a batch"
        case .invalidID: "\"id\" must be a string or an integer"
        case .methodNotString: "\"method\" must be a string"
        case .paramsNotObject: "\"params\" must be an object"
        case .neitherRequestNorResponse: "the message has neither a \"method\" nor exactly one of \"result\" and \"error\""
        case .malformedError: "\"error\" must hold an integer \"code\" and a string \"message\""
        }
    }
}

extension JSONRPCMessage {
    /// How many messages a batch may hold.
    public static let maximumBatchCount = 128

    /// Reads one message, or one batch, from JSON text.
    ///
    /// - Parameters:
    ///   - bytes: one JSON text; white space may surround it.
    ///   - reader: bounds the nesting depth (64 unless told otherwise).
    public static func read(_ bytes: [UInt8], reader: JSONReader = JSONReader()) throws(JSONRPCDecodingError) -> JSONRPCMessage {
        try bytesResult(reader, bytes).get()
    }

    /// Reads one message, or one batch, from memory that the caller owns for as long as the call lasts.
    public static func read(
        _ bytes: UnsafeRawBufferPointer, reader: JSONReader = JSONReader()
    ) throws(JSONRPCDecodingError) -> JSONRPCMessage {
        let value: JSONValue
        do { value = try reader.read(bytes) } catch { throw JSONRPCDecodingError(.notJSON(error)) }
        return try JSONRPCMessage(value)
    }

    private static func bytesResult(_ reader: JSONReader, _ bytes: [UInt8]) -> Result<JSONRPCMessage, JSONRPCDecodingError> {
        bytes.withUnsafeBytes { buffer in
            do throws(JSONRPCDecodingError) { return .success(try read(buffer, reader: reader)) } catch { return .failure(error) }
        }
    }

    /// Sorts a JSON value into one of the kinds of message.
    public init(_ value: JSONValue) throws(JSONRPCDecodingError) {
        switch value {
        case .object(let object):
            self = try JSONRPCMessage(object)
        case .array(let elements):
            guard !elements.isEmpty else { throw JSONRPCDecodingError(.emptyBatch) }
            let limit = JSONRPCMessage.maximumBatchCount
            guard elements.count <= limit else { throw JSONRPCDecodingError(.tooManyInBatch(limit: limit)) }
            self = .batch(elements.map(JSONRPCMessage.element))
        default:
            throw JSONRPCDecodingError(.notAnObject)
        }
    }

    private static func element(_ value: JSONValue) -> Result<JSONRPCMessage, JSONRPCDecodingError> {
        do throws(JSONRPCDecodingError) {
            switch value {
            case .object(let object): return .success(try JSONRPCMessage(object))
            case .array: throw JSONRPCDecodingError(.nestedBatch)
            default: throw JSONRPCDecodingError(.notAnObject)
            }
        } catch {
            return .failure(error)
        }
    }

    private init(_ object: JSONObject) throws(JSONRPCDecodingError) {
        // The id first, so that every later complaint can carry it.
        let idValue = object["id"]
        let id = idValue.flatMap(RequestID.init)
        guard object["jsonrpc"]?.string == "2.0" else { throw JSONRPCDecodingError(.wrongVersion, id: id) }
        if let method = object["method"] {
            guard let method = method.string else { throw JSONRPCDecodingError(.methodNotString, id: id) }
            let params = try JSONRPCMessage.params(object["params"], id: id)
            guard idValue != nil else {
                self = .notification(JSONRPCNotification(method: method, params: params))
                return
            }
            guard let id else { throw JSONRPCDecodingError(.invalidID) }
            self = .request(JSONRPCRequest(id: id, method: method, params: params))
            return
        }
        switch (object["result"], object["error"]) {
        case (let result?, nil):
            guard let id else { throw JSONRPCDecodingError(.invalidID) }
            self = .response(JSONRPCResponse(id: id, outcome: .success(result)))
        case (nil, let error?):
            guard let id else { throw JSONRPCDecodingError(.invalidID) }
            guard let code = error["code"]?.integer.flatMap(Int.init(exactly:)), let message = error["message"]?.string else {
                throw JSONRPCDecodingError(.malformedError, id: id)
            }
            let failure = JSONRPCError(ErrorCode(rawValue: code), message, data: error["data"])
            self = .response(JSONRPCResponse(id: id, outcome: .failure(failure)))
        default:
            throw JSONRPCDecodingError(.neitherRequestNorResponse, id: id)
        }
    }

    /// Absent and null both mean that there are none: JSON-RPC forbids null here, some clients write it all the same.
    private static func params(_ value: JSONValue?, id: RequestID?) throws(JSONRPCDecodingError) -> JSONObject {
        switch value {
        case nil, .null: return JSONObject()
        case .object(let object): return object
        default: throw JSONRPCDecodingError(.paramsNotObject, id: id)
        }
    }
}
