import JSON
import MCPCore
import MCPTesting
import Testing

@testable import struct MCPCore.URITemplate

@Suite struct Resources {
    static func server() throws -> MCPServer {
        try MCPServer(
            info: FixtureServer.info,
            resources: [
                Resource(uri: "test://text", name: "text", title: "Text", mimeType: "text/plain", size: 5) { _ in
                    [ResourceContents(uri: "test://text", mimeType: "text/plain", body: .text("hello"))]
                },
                Resource(uri: "test://gone", name: "gone") { _ in throw ResourceNotFound("test://gone") },
            ],
            templates: [
                ResourceTemplate(
                    uriTemplate: "test://item/{id}/data", name: "item",
                    completions: ["id": { value, _, _ in Completions((1...150).map(String.init).filter { $0.hasPrefix(value) }) }]
                ) { variables, _ in
                    guard let id = variables["id"], id != "0" else { return nil }
                    return [ResourceContents(uri: "test://item/\(id)/data", body: .blob("aQ=="))]
                }
            ],
            prompts: [
                Prompt(
                    name: "p", description: "A prompt.",
                    arguments: [
                        PromptArgument("a", isRequired: true, completer: { value, arguments, _ in Completions([value + (arguments["b"] ?? "")]) }),
                        PromptArgument("b"),
                    ]
                ) { arguments, _ in PromptResult(messages: [PromptMessage(.user, .text(arguments["a"] ?? ""))]) }
            ])
    }

    @Test(arguments: Revision.allCases) func `are listed and read in every revision`(revision: Revision) async throws {
        let client = try InProcessClient(try Self.server(), revision: revision)
        let listed = try await client.request("resources/list")
        #expect(listed["resources"]?.array?.map { $0["uri"] } == ["test://text", "test://gone"])
        #expect((listed["resources"]?.array?.first?["title"] != nil) == (revision >= .v2025_06_18))
        #expect((listed["ttlMs"] != nil) == !revision.isLegacy)
        let templates = try await client.request("resources/templates/list")
        #expect(templates["resourceTemplates"]?.array?.first?["uriTemplate"] == "test://item/{id}/data")
        let text = try await client.request("resources/read", ["uri": "test://text"])
        #expect(text["contents"] == [["uri": "test://text", "mimeType": "text/plain", "text": "hello"]])
        let item = try await client.request("resources/read", ["uri": "test://item/a%20b/data"])
        #expect(item["contents"]?.array?.first?["uri"] == "test://item/a b/data")
        #expect(item["contents"]?.array?.first?["blob"] == "aQ==")
    }

    @Test(arguments: Revision.allCases) func `that do not exist are an error with the URI, and the code of the revision`(revision: Revision)
        async throws
    {
        let client = try InProcessClient(try Self.server(), revision: revision)
        for uri in ["test://nothing", "test://gone", "test://item/0/data", "test://item//data", "test://item/a/b/data"] {
            let error = try await client.exchange("resources/read", ["uri": .string(uri)]).error
            #expect(error?["code"]?.integer == (revision.isLegacy ? -32002 : -32602), "\(uri)")
            #expect(error?["data"]?["uri"]?.string == uri)
        }
        #expect(try await client.exchange("resources/read").error?["code"] == -32602)
    }

    @Test func `subscriptions of legacy revisions are gone in the new one`() async throws {
        let legacy = try InProcessClient(try Self.server(), revision: .newestLegacy)
        #expect(try await legacy.request("resources/subscribe", ["uri": "test://text"]) == [:])
        #expect(try await legacy.request("resources/unsubscribe", ["uri": "test://text"]) == [:])
        let modern = try InProcessClient(try Self.server())
        #expect(try await modern.exchange("resources/subscribe", ["uri": "test://text"]).error?["code"] == -32601)
    }

    @Test func `and prompts that are not there are announced by nobody`() async throws {
        let client = try InProcessClient(try FixtureServer.make(), revision: .newestLegacy)
        for method in ["resources/list", "resources/templates/list", "prompts/list", "completion/complete", "tasks/get"] {
            #expect(try await client.exchange(method).error?["code"] == -32601, "\(method)")
        }
    }

    @Test func `complete their variables, a hundred at most`() async throws {
        let client = try InProcessClient(try Self.server(), revision: .newestLegacy)
        func complete(_ ref: JSONValue, _ name: String, _ value: String, _ context: JSONValue = [:]) async throws -> InProcessClient.Exchange {
            try await client.exchange(
                "completion/complete",
                ["ref": ref, "argument": ["name": .string(name), "value": .string(value)], "context": ["arguments": context]])
        }
        let template: JSONValue = ["type": "ref/resource", "uri": "test://item/{id}/data"]
        let all = try await complete(template, "id", "").result?["completion"]
        #expect(all?["values"]?.array?.count == 100)
        #expect(all?["total"] == 150 && all?["hasMore"] == true)
        #expect(try await complete(template, "id", "15").result?["completion"]?["values"] == ["15", "150"])
        let prompt: JSONValue = ["type": "ref/prompt", "name": "p"]
        #expect(try await complete(prompt, "a", "x", ["b": "y"]).result?["completion"]?["values"] == ["xy"])
        #expect(try await complete(prompt, "b", "x").result?["completion"]?["values"] == [])
        for (ref, name) in [(prompt, "c"), (template, "x"), (["type": "ref/prompt", "name": "q"], "a"), (["type": "ref/else"], "a")] {
            #expect(try await complete(ref, name, "").error?["code"] == -32602)
        }
    }

    @Test func `prompts want their required arguments as strings`() async throws {
        let client = try InProcessClient(try Self.server())
        #expect(try await client.request("prompts/get", ["name": "p", "arguments": ["a": "x"]])["messages"]?.array?.count == 1)
        for params in [["name": "p"], ["name": "p", "arguments": ["a": 7]], ["name": "q"], ["name": "p", "arguments": 7], [:]] as [JSONObject] {
            #expect(try await client.exchange("prompts/get", params).error?["code"] == -32602, "\(params)")
        }
    }

    @Test(
        arguments: [
            ("a://{x}", "a://1", ["x": "1"]), ("a://{x}", "a://", nil), ("a://{x}", "b://1", nil), ("a://{x}", "a://1/2", nil),
            ("a://{+x}", "a://1/2?q#f", ["x": "1/2?q#f"]), ("a://{x}/{y}", "a://1/2", ["x": "1", "y": "2"]), ("a://{x}/{y}", "a://1/", nil),
            ("a://{x}.json", "a://b.c.json", ["x": "b.c"]), ("a://{x}-{y}-z", "a://1-2-z", ["x": "1", "y": "2"]), ("a://{x}", "a://%zz", nil),
            ("a://{x}", "a://%C3%A4", ["x": "ä"]), ("a://{x}", "a://%FF", nil), ("a://{x}", "a://%4", nil),
        ] as [(String, String, [String: String]?)])
    func `fit a template or do not`(template: String, uri: String, values: [String: String]?) throws {
        #expect(try URITemplate(template).match(uri) == values)
    }

    @Test(arguments: ["a://x", "a://{", "a://}", "a://{}", "a://{x}{y}", "a://{?x}", "a://{x}/{x}", "a://{x y}"])
    func `with a template that cannot be read are refused`(template: String) {
        #expect(throws: RegistrationError.self) { try URITemplate(template) }
    }
}
