import BinaryTesting
import FoundationEssentials
import JSON
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What clients and people say to magenta with secrets in it.
struct PlantedQuestions {
    private let query, tool, client, resource, subscription, prompt, method, header, cookie, token, host, origin, path, parameter: PlantedSecret
    private let directory, nudge, event, era, live, argument: PlantedSecret

    init(_ world: inout PlantedWorld) {
        query = world.plant("query of a search", .nowhere)
        tool = world.plant("name of a tool", .nowhere)
        client = world.plant("name of a client", .nowhere)
        resource = world.plant("URI of a resource", .nowhere)
        subscription = world.plant("URI of a subscription")
        prompt = world.plant("argument of a prompt", .nowhere)
        method = world.plant("name of a method", .nowhere)
        header = world.plant("header", .nowhere)
        cookie = world.plant("cookie", .nowhere)
        token = world.plant("wrong token", .nowhere)
        host = world.plant("Host header", .nowhere)
        origin = world.plant("Origin header", .nowhere)
        path = world.plant("path of a request", .logged)
        parameter = world.plant("query of a request", .nowhere)
        directory = world.plant("cwd of a hook", .nowhere)
        nudge = world.plant("transcript of a hook", .nowhere)
        event = world.plant("event of a hook", .nowhere)
        era = world.plant("name of an era")
        live = world.plant("line while the server runs")
        argument = world.plant("query on the command line", .nowhere)
    }

    func ask(_ product: Product, _ store: [String], in scratch: Scratch) async throws {
        // Eras have names of 80 characters at most.
        for name in era.all { _ = try await product.run(["era", "start", name] + store) }
        _ = try await product.run(["search", argument.text, "--json"] + store)
        let watched = try scratch.folder("world/watched")
        let process = try product.start(
            ["serve", "--listen", "localhost:0", "--log-level", "trace", "--transcripts", watched] + store)
        let port = try await Magenta.ready(process)
        var transcript = Transcript()
        transcript.prompt(90, "While it runs: \(live.text)")
        let text = transcript.text.replacing(Transcript.session, with: Transcript.session.replacing("1", with: "3"))
        try scratch.write(text, to: "world/watched/-home-dev-zoo/live.jsonl")

        let standard = [("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream")]
        func post(_ path: String, _ body: JSONValue, _ headers: [(String, String)] = standard) async throws -> HTTPAnswer {
            try await exchange(HTTPCall("POST", path, headers: headers, body: JSONWriter.bytes(of: body)), "127.0.0.1", port)
        }
        func rpc(_ method: String, _ params: JSONValue, _ more: [(String, String)] = []) async throws -> HTTPAnswer {
            try await post("/mcp", ["jsonrpc": "2.0", "id": 1, "method": .string(method), "params": params], standard + more)
        }
        let greeting = try await rpc(
            "initialize",
            [
                "protocolVersion": "2025-11-25", "capabilities": [:],
                "clientInfo": ["name": .string(client.text), "version": .string(client.text)],
            ])
        let session = [("Mcp-Session-Id", try #require(greeting.head["mcp-session-id"])), ("MCP-Protocol-Version", "2025-11-25")]
        let found = try await rpc("tools/call", ["name": "search_messages", "arguments": ["query": .string(query.text)]], session)
        #expect(found.status == 200)
        _ = try await rpc("tools/call", ["name": .string(tool.text), "arguments": [:]], session)
        _ = try await rpc("resources/read", ["uri": .string("memory://message/\(resource.text)")], session)
        let subscribed = try await rpc("resources/subscribe", ["uri": .string("memory://message/\(subscription.text)")], session)
        #expect(subscribed.status == 200)
        _ = try await rpc("prompts/get", ["name": .string(prompt.text), "arguments": ["topic": .string(prompt.text)]], session)
        _ = try await rpc(method.text, [:], session)
        _ = try await rpc("ping", [:], session + [("X-Anything", header.text), ("User-Agent", header.text), ("Cookie", "session=\(cookie.text)")])
        _ = try await rpc("ping", [:], session + [("Authorization", "Bearer \(token.text)")])
        _ = try await rpc("ping", [:], session + [("Origin", "https://\(origin.listed).test")])
        // Those two may be names of hosts.
        for name in [host.listed, host.inherited] {
            _ = try await exchange(HTTPCall("GET", "/health", headers: [("Host", "\(name).test")]), "127.0.0.1", port)
        }
        for name in path.all { _ = try await exchange(HTTPCall("GET", "/a/\(name)/b"), "127.0.0.1", port) }
        _ = try await exchange(HTTPCall("GET", "/health?x=\(parameter.text)"), "127.0.0.1", port)
        let hook: JSONValue = [
            "event": "SessionStart", "cwd": .string("/home/\(directory.text)"), "transcript_path": .string("/home/x/\(nudge.text).jsonl"),
        ]
        #expect(try await post("/hook", hook).status == 200)
        _ = try await post("/hook", ["event": .string(event.text), "cwd": .string("/home/\(directory.text)")])

        _ = try await eventually(within: .seconds(20), "the line to be stored") {
            let shown = try await product.run(["search", "\"While it runs\"", "--json"] + store)
            return try JSONReader().read(shown).messageIDs == [Transcript.id(90)] ? true : nil
        }
        // With its log and shared memory, which a clean end removes.
        try FileManager.default.copyItem(atPath: scratch.path("store"), toPath: scratch.path("running"))
        process.send(SIGTERM)
        #expect(try await process.exit(within: .seconds(20)) == .code(0))
    }
}
