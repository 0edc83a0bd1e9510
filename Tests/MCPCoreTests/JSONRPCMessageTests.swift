import JSON
import MCPCore
import Testing

@Suite struct `JSON-RPC messages` {
    static func read(_ text: String) throws(JSONRPCDecodingError) -> JSONRPCMessage {
        try JSONRPCMessage.read(Array(text.utf8))
    }

    @Test func `a message with an id and a method is a request`() throws {
        let message = try Self.read(#"{"jsonrpc":"2.0","id":1800000000001,"method":"ping","params":{"a":1}}"#)
        #expect(message == .request(JSONRPCRequest(id: 1_800_000_000_001, method: "ping", params: ["a": 1])))
    }

    @Test func `a string id stays a string`() throws {
        #expect(try Self.read(#"{"jsonrpc":"2.0","id":"7","method":"ping"}"#) == .request(JSONRPCRequest(id: "7", method: "ping")))
    }

    @Test func `a message without an id is a notification`() throws {
        let message = try Self.read(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}"#)
        guard case .notification(let notification) = message else { throw Unexpected() }
        #expect(notification.cancelledRequestID == 3)
    }

    @Test func `params of null count as absent`() throws {
        #expect(try Self.read(#"{"jsonrpc":"2.0","id":1,"method":"ping","params":null}"#) == .request(JSONRPCRequest(id: 1, method: "ping")))
    }

    @Test func `a message with a result or an error is a response`() throws {
        #expect(
            try Self.read(#"{"jsonrpc":"2.0","id":1,"result":{}}"#) == .response(JSONRPCResponse(id: 1, outcome: .success([:]))))
        let failure = JSONRPCError(ErrorCode(rawValue: -1), "no")
        #expect(
            try Self.read(#"{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}"#)
                == .response(JSONRPCResponse(id: 1, outcome: .failure(failure))))
    }

    @Test func `each element of a batch is read by itself`() throws {
        guard case .batch(let elements) = try Self.read(#"[{"jsonrpc":"2.0","id":1,"method":"ping"},[],7]"#) else { throw Unexpected() }
        #expect(elements[0] == .success(.request(JSONRPCRequest(id: 1, method: "ping"))))
        #expect(elements[1] == .failure(JSONRPCDecodingError(.nestedBatch)))
        #expect(elements[2] == .failure(JSONRPCDecodingError(.notAnObject)))
    }

    static let bad: [(String, JSONRPCDecodingError.Reason, RequestID?)] = [
        (#"7"#, .notAnObject, nil),
        (#"[]"#, .emptyBatch, nil),
        (#"{"id":1,"method":"ping"}"#, .wrongVersion, 1),
        (#"{"jsonrpc":2.0,"id":"x","method":"ping"}"#, .wrongVersion, "x"),
        (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, .invalidID, nil),
        (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, .invalidID, nil),
        (#"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#, .invalidID, nil),
        (#"{"jsonrpc":"2.0","id":1,"method":7}"#, .methodNotString, 1),
        (#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}"#, .paramsNotObject, 1),
        (#"{"jsonrpc":"2.0","id":1}"#, .neitherRequestNorResponse, 1),
        (#"{"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":""}}"#, .neitherRequestNorResponse, 1),
        (#"{"jsonrpc":"2.0","id":1,"error":{"code":"x"}}"#, .malformedError, 1),
        (#"{"jsonrpc":"2.0","result":1}"#, .invalidID, nil),
    ]

    @Test(arguments: bad) func `a bad envelope is refused with its reason and the id that could be read`(
        text: String, reason: JSONRPCDecodingError.Reason, id: RequestID?
    ) {
        #expect(throws: JSONRPCDecodingError(reason, id: id)) { try Self.read(text) }
    }

    @Test func `bytes that are no JSON are a parse error`() throws {
        let error = #expect(throws: JSONRPCDecodingError.self) { try Self.read("{") }
        #expect(error?.error.code == .parseError)
    }

    @Test func `nesting beyond the limit is a parse error that names the limit`() throws {
        let text = #"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"# + String(repeating: "[", count: 70)
        let error = #expect(throws: JSONRPCDecodingError.self) { try Self.read(text) }
        #expect(error?.error.message.contains("64") == true)
    }

    @Test func `a batch of too many messages is refused`() {
        let text = "[" + Array(repeating: "1", count: 129).joined(separator: ",") + "]"
        #expect(throws: JSONRPCDecodingError(.tooManyInBatch(limit: 128))) { try Self.read(text) }
    }

    @Test func `an answer without a readable id has no id member, and never null`() {
        let response = Response(id: nil, JSONRPCError(.parseError, "no"))
        #expect(String(decoding: response.bytes, as: UTF8.self) == #"{"jsonrpc":"2.0","error":{"code":-32700,"message":"no"}}"#)
    }

    struct Unexpected: Error {}
}
