import BinaryTesting
import JSON
import Testing

/// The rows of docs/conformance.md that need no fixture of their own, against `magenta serve` itself.
@Suite("magenta serve and the rows of the conformance table", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct ProtocolRowTests {
    private static func post(
        _ port: Int, _ method: String, _ params: JSONObject = [:], id: JSONValue? = 1, headers: [(String, String)] = []
    ) async throws -> HTTPAnswer {
        var message: JSONObject = ["jsonrpc": "2.0", "method": .string(method), "params": .object(params)]
        if let id { message["id"] = id }
        let standard = [("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream")]
        return try await exchange(
            HTTPCall("POST", "/mcp", headers: standard + headers, body: JSONWriter.bytes(of: .object(message))), "127.0.0.1", port)
    }

    private static func modern(
        _ port: Int, _ method: String, _ params: JSONObject = [:], name: String? = nil, header: String = "2026-07-28",
        claim: String = "2026-07-28"
    ) async throws -> HTTPAnswer {
        var params = params
        params["_meta"] = [
            "io.modelcontextprotocol/protocolVersion": .string(claim), "io.modelcontextprotocol/clientCapabilities": [:],
            "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ]
        let routing = [("MCP-Protocol-Version", header), ("Mcp-Method", method)] + (name.map { [("Mcp-Name", $0)] } ?? [])
        return try await post(port, method, params, headers: routing)
    }

    private static func serving(_ body: (Int) async throws -> Void) async throws {
        try await withZoo { scratch, store in
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { try await body($0.port) }
        }
    }

    @Test("Every legacy revision is negotiated, pinged, listed, read, completed and ended", arguments: ["2025-03-26", "2025-06-18", "2025-11-25"])
    func legacy(revision: String) async throws {
        try await Self.serving { port in
            let greeting = try await Self.post(port, "initialize", ["protocolVersion": .string(revision), "capabilities": [:]])
            #expect(try greeting.message()["result"]?["protocolVersion"]?.string == revision)
            let id = try #require(greeting.head["mcp-session-id"])
            let session = [("Mcp-Session-Id", id), ("MCP-Protocol-Version", revision)]
            func result(_ method: String, _ params: JSONObject = [:]) async throws -> JSONValue {
                let answer = try await Self.post(port, method, params, headers: session)
                #expect(answer.status == 200, "\(method)")
                return try answer.message()["result"] ?? .null
            }
            #expect(try await Self.post(port, "notifications/initialized", id: nil, headers: session).status == 202)
            #expect(try await result("ping") == [:])
            #expect(try await result("logging/setLevel", ["level": "info"]) == [:])
            #expect(try await result("tools/list")["tools"]?.array?.isEmpty == false)
            #expect(try await result("prompts/list")["prompts"]?.array?.count == 2)
            let resources = try await result("resources/list")["resources"]?.array ?? []
            let uri = try #require(resources.first?["uri"])
            #expect(try await result("resources/read", ["uri": uri])["contents"]?.array?.isEmpty == false)
            #expect(try await result("resources/templates/list")["resourceTemplates"]?.array?.count == 4)
            #expect(try await result("resources/subscribe", ["uri": uri]) == [:])
            #expect(try await result("resources/unsubscribe", ["uri": uri]) == [:])
            let completion: JSONObject = [
                "ref": ["type": "ref/resource", "uri": "memory://era/{name}"], "argument": ["name": "name", "value": "E"],
            ]
            #expect(try await result("completion/complete", completion)["completion"]?["values"]?.array?.isEmpty == false)
            let unknown = try await Self.post(port, "unknown/method", headers: session)
            #expect(unknown.status == 200)
            #expect(try unknown.message()["error"]?["code"] == -32601)
            let ended = try await exchange(HTTPCall("DELETE", "/mcp", headers: session), "127.0.0.1", port)
            #expect(ended.status == 204)
            #expect(try await Self.post(port, "ping", headers: session).status == 404)
        }
    }

    @Test("2026-07-28 is discovered, listed, read and refused as its ladder says")
    func stateless() async throws {
        try await Self.serving { port in
            let discovered = try await Self.modern(port, "server/discover")
            let result = try discovered.message()["result"]
            #expect(result?["supportedVersions"] == ["2026-07-28"])
            #expect(result?["capabilities"]?.object?.keys.contains("resources") == true)
            #expect(result?["ttlMs"] != nil && result?["cacheScope"] != nil)
            for method in ["tools/list", "prompts/list", "resources/list", "resources/templates/list"] {
                let listed = try await Self.modern(port, method)
                #expect(listed.status == 200 && listed.head["mcp-session-id"] == nil)
                #expect(try listed.message()["result"]?["resultType"] == "complete")
            }
            let missing = try await Self.modern(port, "resources/read", ["uri": "memory://message/none"], name: "memory://message/none")
            #expect(try missing.message()["error"]?["code"] == -32602)
            for method in ["initialize", "ping", "logging/setLevel", "resources/subscribe", "unknown/method"] {
                let refused = try await Self.modern(port, method)
                #expect(refused.status == 404, "\(method)")
                #expect(try refused.message()["error"]?["code"] == -32601)
            }
            let mismatch = try await Self.modern(port, "tools/list", header: "2025-11-25")
            #expect(mismatch.status == 400)
            #expect(try mismatch.message()["error"]?["code"] == -32020)
            let future = try await Self.modern(port, "tools/list", header: "2099-01-01", claim: "2099-01-01")
            #expect(future.status == 400)
            #expect(try future.message()["error"]?["data"]?["supported"] == ["2026-07-28"])
            let unnamed = try await Self.modern(port, "tools/call", ["name": "get_recent_work"])
            #expect(try unnamed.message()["error"]?["code"] == -32020)
            let called = try await Self.modern(port, "tools/call", ["name": "get_recent_work"], name: "=?base64?Z2V0X3JlY2VudF93b3Jr?=")
            #expect(try called.message()["result"]?["structuredContent"]?.messageIDs?.isEmpty == false)
        }
    }
}
