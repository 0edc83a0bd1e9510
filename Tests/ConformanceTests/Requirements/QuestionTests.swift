import BinaryTesting
import JSON
import Testing

/// Section 18: what a server may ask of whom, and what it makes of the answers.
@Suite("Asking the client", .enabled(if: Components.requirementProbe != nil, "no RequirementProbe"))
struct QuestionTests {
    @Test("Legacy: what the client did not declare is never asked", arguments: ["open_page", "sample_with_tools", "ask"])
    func undeclared(tool: String) async throws {
        try await Served.session(.requirementProbe, capabilities: [:]) { session, _ in
            let reply = try await session.tool(tool)
            #expect(reply.requests.isEmpty)
            #expect(reply.result?["isError"] == true || reply.error != nil)
        }
    }

    @Test("Legacy: a client that declares elicitation without url is not asked to open a page", arguments: ["{}", #"{"form":{}}"#])
    func formOnly(elicitation: String) async throws {
        let declared = try JSONReader().read(elicitation)
        try await Served.session(.requirementProbe, capabilities: ["elicitation": declared]) { session, _ in
            let reply = try await session.tool("open_page")
            #expect(reply.requests.isEmpty)
            #expect(reply.result?["isError"] == true || reply.error != nil)
            let form = try await session.tool("ask") { _ in ["action": "accept", "content": ["word": "yes"]] }
            #expect(form.contentText == "The word: yes")
        }
    }

    @Test("2025-11-25: a client that declares url is asked to open a page, with an id")
    func url() async throws {
        try await Served.session(.requirementProbe, capabilities: ["elicitation": ["url": [:]]]) { session, _ in
            let reply = try await session.tool("open_page") { request in
                #expect(request["method"] == "elicitation/create")
                #expect(request["params"]?["mode"] == "url")
                #expect(request["params"]?["url"] == "https://example.com/consent")
                #expect(request["params"]?["elicitationId"]?.string?.isEmpty == false)
                #expect(request["params"]?["requestedSchema"] == nil)
                return ["action": "accept"]
            }
            #expect(reply.contentText == "The user: accept")
            // url alone does not mean forms.
            #expect(try await session.tool("ask").requests.isEmpty)
        }
    }

    @Test("2025-06-18 has no pages to open, whatever its client declares")
    func urlBefore() async throws {
        try await Served.session(.requirementProbe, "2025-06-18", capabilities: ["elicitation": ["url": [:], "form": [:]]]) { session, _ in
            #expect(try await session.tool("open_page").requests.isEmpty)
            let form = try await session.tool("ask") { request in
                #expect(request["params"]?["mode"] == nil, "2025-06-18 has no modes")
                return ["action": "accept", "content": ["word": "yes"]]
            }
            #expect(form.contentText == "The word: yes")
        }
    }

    @Test("Elicitation does not exist before 2025-06-18", arguments: ["2024-11-05", "2025-03-26"])
    func elicitationBefore(revision: String) async throws {
        try await Served.session(.requirementProbe, revision, capabilities: ["elicitation": [:]]) { session, _ in
            let reply = try await session.tool("ask") { _ in ["action": "cancel"] }
            #expect(reply.requests.isEmpty)
            #expect(reply.result?["isError"] == true || reply.error != nil)
        }
    }

    @Test("Sampling lends tools only to a client of 2025-11-25 that declares them")
    func samplingTools() async throws {
        let answer: JSONValue = ["role": "assistant", "content": ["type": "text", "text": "seen"], "model": "m"]
        try await Served.session(.requirementProbe, capabilities: ["sampling": [:]]) { session, _ async throws in
            #expect(try await session.tool("sample_with_tools").requests.isEmpty)
        }
        try await Served.session(.requirementProbe, capabilities: ["sampling": ["tools": [:]]]) { session, _ in
            let reply = try await session.tool("sample_with_tools") { request in
                #expect(request["params"]?["tools"]?.array?.count == 1)
                return answer
            }
            #expect(reply.contentText == "The model: seen")
        }
    }

    @Test("A user who declines or goes away is told apart from one who accepts", arguments: ["decline", "cancel"])
    func declined(action: String) async throws {
        try await Served.session(.requirementProbe) { session, _ in
            let reply = try await session.tool("ask") { _ in ["action": .string(action)] }
            #expect(reply.contentText == "The word: \(action)")
        }
    }

    @Test(
        "An answer that does not fit the question is not accepted",
        arguments: [#"{"action":"accept"}"#, #"{"action":"accept","content":{}}"#, #"{"action":"accept","content":{"word":5}}"#, "{}", "null", "7"])
    func unfit(text: String) async throws {
        let answer = try JSONReader().read(text)
        try await Served.session(.requirementProbe) { session, _ in
            let reply = try await session.tool("ask") { _ in answer }
            #expect(reply.result?["isError"] == true || reply.error != nil)
        }
    }

    @Test("A client that answers with an error ends the call with one")
    func refused() async throws {
        try await Served.session(.requirementProbe) { session, _ in
            let reply = try await session.tool("ask") { request in
                let error: JSONValue = ["code": -1, "message": "User rejected"]
                let accepted = try await session.post(["jsonrpc": "2.0", "id": request["id"] ?? .null, "error": error])
                #expect(accepted.status == 202)
                return nil
            }
            #expect(reply.result?["isError"] == true || reply.error != nil)
        }
    }

    @Test("Another session cannot answer a question, and an answer of any other id is dropped")
    func strangers() async throws {
        try await Served.with(.requirementProbe) { server in
            let owner = try await Session.open(server.port)
            let stranger = try await Session.open(server.port)
            let reply = try await owner.tool("ask") { request in
                let wrong: JSONValue = ["action": "accept", "content": ["word": "wrong"]]
                _ = try await stranger.post(["jsonrpc": "2.0", "id": request["id"] ?? .null, "result": wrong])
                _ = try await owner.post(["jsonrpc": "2.0", "id": "another", "result": wrong])
                return ["action": "accept", "content": ["word": "right"]]
            }
            #expect(reply.contentText == "The word: right")
        }
    }

    @Test("A question that nobody answers ends by itself")
    func unanswered() async throws {
        try await Served.session(.requirementProbe, arguments: ["--question-ms", "50"]) { session, _ in
            let reply = try await session.tool("ask")
            #expect(reply.requests.count == 1)
            #expect(reply.result?["isError"] == true || reply.error != nil)
        }
    }

    @Test("A client without a stream cannot be asked, and is told so")
    func withoutStream() async throws {
        try await Served.session(.requirementProbe) { session, _ in
            let reply = try await session.call("tools/call", ["name": "ask"], [("Accept", "application/json")])
            #expect(reply.requests.isEmpty)
            #expect(reply.result?["isError"] == true || reply.error != nil)
        }
    }

    @Test("-32042 sends to a page in 2025-11-25, and is emitted in no other revision", arguments: Session.streamable)
    func pageFirst(revision: String) async throws {
        try await Served.session(.requirementProbe, revision, capabilities: ["elicitation": ["url": [:]]]) { session, _ in
            let reply = try await session.tool("page_first")
            if revision == "2025-11-25" {
                #expect(reply.code == -32042)
                #expect(reply.error?["data"]?["elicitations"]?.array?.first?["mode"] == "url")
            } else {
                #expect(reply.code != -32042)
            }
            let stateless = try await Stateless(port: session.port).declaring(["elicitation": ["url": [:]]]).tool("page_first")
            #expect(stateless.code != -32042 && stateless.response != nil)
        }
    }

    // MARK: 2026-07-28

    @Test("2026-07-28: what is not declared is -32021 and 400, with the capability that is missing")
    func statelessUndeclared() async throws {
        try await Served.with(.requirementProbe) { server in
            let needs: [(String, JSONCapabilities, JSONValue)] = [
                ("ask", [:], ["elicitation": [:]]), ("open_page", ["elicitation": [:]], ["elicitation": ["url": [:]]]),
                ("open_page", ["elicitation": ["form": [:]]], ["elicitation": ["url": [:]]]),
                ("sample_with_tools", ["sampling": [:]], ["sampling": ["tools": [:]]]),
            ]
            for (tool, declared, needed) in needs {
                let reply = try await Stateless(server).declaring(declared).tool(tool)
                #expect(reply.status == 400 && reply.code == -32021, "\(tool)")
                let required = reply.error?["data"]?["requiredCapabilities"]
                let name = needed.object?.keys.first ?? ""
                #expect(required?[name]?.object != nil, "\(reply.text)")
                if needed[name] != [:] { #expect(required?[name] == needed[name], "\(reply.text)") }
            }
        }
    }

    @Test("2026-07-28: a page is asked for without elicitationId")
    func statelessURL() async throws {
        try await Served.with(.requirementProbe) { server in
            let client = Stateless(server).declaring(["elicitation": ["url": [:]]])
            let asked = try InputRequiredTests.expectInputRequired(try await client.tool("open_page"))
            let params = asked["inputRequests"]?["page"]?["params"]
            #expect(params?["mode"] == "url" && params?["url"] == "https://example.com/consent")
            #expect(params?["elicitationId"] == nil)
            var more: JSONObject = ["inputResponses": ["page": ["action": "accept"]]]
            if let state = asked["requestState"] { more["requestState"] = state }
            #expect(try await client.tool("open_page", more: more).contentText == "The user: accept")
        }
    }

    @Test("2026-07-28: a state belongs to its own method, tool and arguments")
    func statelessStateBound() async throws {
        try await Served.with { server in
            let client = Stateless(server)
            let asked = try await InputRequiredTests.ask(client, "request_state")
            let answers: JSONValue = ["confirm": ["action": "accept", "content": ["ok": true]]]
            let reply = try await InputRequiredTests.answer(client, "tampered_state", answers, after: asked)
            #expect(reply.result == nil && reply.code == -32602)
            let more: JSONObject = ["inputResponses": answers, "requestState": asked["requestState"] ?? .null]
            let other = try await client.tool("test_input_required_result_request_state", ["x": 1], more: more)
            #expect(other.result?["resultType"] != "complete" || other.result?["isError"] == true)
            for state in [JSONValue.string(""), "AAAA", 7] {
                let forged = try await client.tool(
                    "test_input_required_result_request_state", [:], more: ["inputResponses": answers, "requestState": state])
                #expect(forged.result?["resultType"] != "complete", "\(state): \(forged.text)")
            }
        }
    }

    @Test("2026-07-28: two servers do not open each other's states")
    func statelessOtherServer() async throws {
        try await Served.with { first in
            let asked = try await InputRequiredTests.ask(Stateless(first), "request_state")
            try await Served.with { second in
                let answers: JSONValue = ["confirm": ["action": "accept", "content": ["ok": true]]]
                let reply = try await InputRequiredTests.answer(Stateless(second), "request_state", answers, after: asked)
                #expect(reply.result == nil && reply.code == -32602)
            }
        }
    }
}
