import BinaryTesting
import JSON
import Testing

/// What a person picks in a client: resources and prompts, through the binary.
@Suite("Resources and prompts through the binary", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct ResourceTests {
    private static let message = "memory://message/\(Transcript.id(2))"

    @Test("Over stdio, the zoo is listed, read, completed and recalled")
    func stdio() async throws {
        try await withZoo { scratch, store in
            let results = try await ask(
                scratch, store,
                [
                    ("resources/list", [:]), ("resources/templates/list", [:]), ("resources/read", ["uri": .string(Self.message)]),
                    ("resources/read", ["uri": .string("memory://conversation/\(Transcript.session)")]),
                    ("resources/subscribe", ["uri": .string("memory://conversation/\(Transcript.session)")]),
                    ("prompts/list", [:]), ("prompts/get", ["name": "recall", "arguments": ["query": "zebra"]]),
                    (
                        "completion/complete",
                        [
                            "ref": ["type": "ref/resource", "uri": "memory://message/{id}"],
                            "argument": ["name": "id", "value": .string(String(Transcript.id(2).prefix(8)))],
                        ]
                    ),
                    (
                        "completion/complete",
                        ["ref": ["type": "ref/prompt", "name": "bootstrap"], "argument": ["name": "project", "value": "z"]]
                    ),
                ])
            let uris = results[0]["resources"]?.array?.compactMap { $0["uri"]?.string }
            #expect(uris == ["memory://era/Era%201", "memory://conversation/\(Transcript.session)"])
            #expect(results[1]["resourceTemplates"]?.array?.count == 4)
            #expect(results[2].resourceText?.contains("A zebra and two owls live there.") == true)
            #expect(results[3].resourceText?.contains("Which animals live behind the old bridge?") == true)
            #expect(results[4] == [:])
            #expect(results[5]["prompts"]?.array?.compactMap { $0["name"]?.string } == ["bootstrap", "recall"])
            #expect(results[6].promptText?.contains("A zebra and two owls live there.") == true)
            #expect(results[7]["completion"]?["values"]?.array?.compactMap(\.string) == (1...3).map(Transcript.id))
            #expect(results[8]["completion"]?["values"] == ["zoo"])
        }
    }

    @Test("Over HTTP, a client of 2026-07-28 reads and asks the same")
    func http() async throws {
        try await withZoo { scratch, store in
            try await Magenta.serving(["--store", store, "--no-watch"], in: scratch) { server in
                let read = try await modern(server, "resources/read", name: Self.message, ["uri": .string(Self.message)])
                #expect(read["result"]?.resourceText?.contains("A zebra and two owls live there.") == true, "\(read)")
                let unknown = try await modern(server, "resources/read", name: "memory://message/x", ["uri": "memory://message/x"])
                #expect(unknown["error"]?["code"] == -32602)
                let prompt = try await modern(server, "prompts/get", name: "bootstrap", ["name": "bootstrap"])
                #expect(prompt["result"]?.promptText?.contains("Thank you, write that down.") == true, "\(prompt)")
            }
        }
    }

    @Test("A resource and a prompt in the next transcript add no hit")
    func echo() async throws {
        try await withZoo { scratch, store in
            let results = try await ask(
                scratch, store,
                [
                    ("resources/read", ["uri": .string(Self.message)]),
                    ("prompts/get", ["name": "recall", "arguments": ["query": "zebra"]]),
                ])
            let prompt = try #require(results[1].promptText)

            // As Claude Code 2.1.330 writes them: the resource as JSON in a string, the prompt as a record that nobody typed.
            var transcript = Transcript.zoo
            transcript.toolUse(4, "ReadMcpResourceTool", ["server": "magenta-memory", "uri": .string(Self.message)])
            let block: JSONValue = ["tool_use_id": "toolu_4", "type": "tool_result", "content": .string(results[0].description)]
            transcript.add("user", 5, ["message": ["role": "user", "content": [block]], "toolUseResult": results[0]])
            transcript.add(
                "user", 6,
                ["isMeta": true, "message": ["role": "user", "content": [["type": "text", "text": .string(prompt)]]]])
            transcript.reply(7, "The owls hoot at night.")
            let counts = try ImportCounts(
                try await Magenta.json(["import", try transcript.write(in: scratch), "--store", store], in: scratch))
            #expect(counts.accountsForEveryLine)
            #expect(counts.refused == 0)

            let found = try await Magenta.json(["search", "zebra", "--store", store], in: scratch)
            // The call itself names no zebra, and what it brought is an echo.
            #expect(found.messageIDs == Zoo.found)
            let owls = try await Magenta.json(["search", "hoot", "--store", store], in: scratch)
            #expect(owls.messageIDs == [Transcript.id(7)], "the control: what stands behind the echoes was read")
            let recent = try await Magenta.json(["show", "--store", store], in: scratch)
            for echo in [5, 6] { #expect(recent.messageIDs?.contains(Transcript.id(echo)) == false, "recent work is not what memory answered") }
        }
    }

    /// The results of requests to `magenta stdio`, in their order.
    private func ask(_ scratch: Scratch, _ store: String, _ requests: [(String, JSONObject)]) async throws -> [JSONValue] {
        let process = try Magenta.start(["stdio", "--store", store, "--no-watch"], in: scratch, hasInput: true)
        let greeting: JSONObject = [
            "protocolVersion": "2025-11-25", "capabilities": [:], "clientInfo": ["name": "test", "version": "1"],
        ]
        let all = [("initialize", greeting)] + requests
        let lines = all.enumerated().map { number, request -> JSONValue in
            ["jsonrpc": "2.0", "id": .integer(Int64(number)), "method": .string(request.0), "params": .object(request.1)]
        }
        try await process.write(Array(lines.map { "\($0)\n" }.joined().utf8))
        process.closeInput()
        #expect(try await process.exit(within: .seconds(20)) == .code(0))
        let answers = try process.outputText.split(separator: "\n").map { try JSONReader().read(String($0)) }
        return try (1...requests.count).map { number in
            let answer = try #require(answers.first { $0["id"] == .integer(Int64(number)) })
            return try #require(answer["result"], "\(answer)")
        }
    }

    private func modern(_ server: Server, _ method: String, name: String, _ params: JSONObject) async throws -> JSONValue {
        var params = params
        params["_meta"] = [
            "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [:],
            "io.modelcontextprotocol/clientInfo": ["name": "test", "version": "1"],
        ]
        let body: JSONValue = ["jsonrpc": "2.0", "id": 1, "method": .string(method), "params": .object(params)]
        let call = HTTPCall(
            "POST", "/mcp",
            headers: [
                ("Accept", "application/json, text/event-stream"), ("Content-Type", "application/json"), ("MCP-Protocol-Version", "2026-07-28"),
                ("Mcp-Method", method), ("Mcp-Name", name),
            ], body: JSONWriter.bytes(of: body))
        return try await exchange(call, "127.0.0.1", server.port).message()
    }
}

extension JSONValue {
    /// The text of the one content of a `resources/read`.
    fileprivate var resourceText: String? { self["contents"]?.array?.first?["text"]?.string }
    /// The text of the one message of a `prompts/get`.
    fileprivate var promptText: String? { self["messages"]?.array?.first?["content"]?["text"]?.string }
}
