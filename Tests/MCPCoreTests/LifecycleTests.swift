import JSON
import MCPCore
import MCPTesting
import Testing

@Suite struct Lifecycle {
    static func initialize(_ params: JSONObject) throws(JSONRPCError) -> (LegacyConversation, JSONValue) {
        let request = JSONRPCRequest(id: 1, method: "initialize", params: params)
        let conversation = try LegacyConversation(initialize: request)
        let server: MCPServer
        do { server = try FixtureServer.make() } catch { throw JSONRPCError(.internalError, "\(error)") }
        guard case .success(let result) = conversation.welcome(to: request, from: server).outcome else {
            throw JSONRPCError(.internalError, "no welcome")
        }
        return (conversation, .object(result))
    }

    @Test(arguments: Revision.legacy) func `initialize answers the revision that was asked for`(revision: Revision) throws {
        let (conversation, result) = try Self.initialize(["protocolVersion": .string(revision.rawValue), "capabilities": [:]])
        #expect(conversation.revision == revision)
        #expect(result["protocolVersion"]?.string == revision.rawValue)
        #expect(result["capabilities"] == ["tools": ["listChanged": true], "logging": [:]])
        #expect(result["instructions"] == "Ask me anything.")
    }

    @Test(arguments: ["2026-07-28", "1999-01-01", ""])
    func `initialize with a revision that has no handshake, or that nobody knows, answers the newest that has one`(asked: String) throws {
        let (_, result) = try Self.initialize(["protocolVersion": .string(asked), "capabilities": [:]])
        #expect(result["protocolVersion"] == "2025-11-25")
    }

    @Test func `initialize without a version is invalid`() {
        let error = #expect(throws: JSONRPCError.self) { try Self.initialize([:]) }
        #expect(error?.code == .invalidParams)
    }

    @Test func `what a server says of itself grows with the revision`() throws {
        let old = FixtureServer.info.json(for: .v2024_11_05)
        #expect(old == ["name": "fixture", "version": "1.0"])
        #expect(FixtureServer.info.json(for: .v2025_06_18).object?.keys == ["name", "version", "title"])
        #expect(
            FixtureServer.info.json(for: .v2025_11_25).object?.keys == ["name", "version", "title", "description", "websiteUrl", "icons"])
    }

    @Test(arguments: Revision.legacy) func `ping answers exactly an empty object in legacy revisions`(revision: Revision) async throws {
        let client = try InProcessClient(try FixtureServer.make(), revision: revision)
        #expect(try await client.request("ping") == [:])
    }

    @Test(arguments: ["ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "initialize", "no/such"])
    func `methods that 2026-07-28 lacks are not found there`(method: String) async throws {
        let client = try InProcessClient(try FixtureServer.make())
        let error = await #expect(throws: JSONRPCError.self) { try await client.request(method) }
        #expect(error?.code == .methodNotFound)
    }

    @Test func `server discover belongs to 2026-07-28 alone`() async throws {
        let client = try InProcessClient(try FixtureServer.make(), revision: .v2025_11_25)
        let error = await #expect(throws: JSONRPCError.self) { try await client.request("server/discover") }
        #expect(error?.code == .methodNotFound)
    }

    @Test func `server discover names the stateless revisions, capabilities, caching and who answers`() async throws {
        let result = try await InProcessClient(try FixtureServer.make()).request("server/discover")
        #expect(result["supportedVersions"] == ["2026-07-28"])
        #expect(result["capabilities"] == ["tools": ["listChanged": true], "logging": [:]])
        #expect(result["resultType"] == "complete")
        #expect(result["ttlMs"] == 0)
        #expect(result["cacheScope"] == "private")
        #expect(result["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"] == "fixture")
    }

    static let badMetadata: [(JSONObject, String)] = [
        ([:], "_meta is missing"),
        (["_meta": 1], "must be an object"),
        (["_meta": [:]], "lacks io.modelcontextprotocol/protocolVersion"),
        (["_meta": ["io.modelcontextprotocol/protocolVersion": 1]], "must be a string"),
        (["_meta": ["io.modelcontextprotocol/protocolVersion": "2026-07-28"]], "lacks io.modelcontextprotocol/clientCapabilities"),
        (
            [
                "_meta": [
                    "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [],
                ]
            ], "must be an object"
        ),
        (
            [
                "_meta": [
                    "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [:],
                    "io.modelcontextprotocol/clientInfo": 7,
                ]
            ], "clientInfo must be an object"
        ),
    ]

    @Test(arguments: badMetadata) func `request metadata that is missing or malformed is invalid params`(params: JSONObject, text: String) {
        let error = #expect(throws: JSONRPCError.self) { try RequestMetadata(readingFrom: params) }
        #expect(error?.code == .invalidParams)
        #expect(error?.message.contains(text) == true)
    }

    @Test(arguments: ["2025-11-25", "2024-11-05", "2099-01-01"])
    func `metadata that names a revision without a stateless form is answered with those that have one`(version: String) throws {
        let metadata = try RequestMetadata(readingFrom: [
            "_meta": ["io.modelcontextprotocol/protocolVersion": .string(version), "io.modelcontextprotocol/clientCapabilities": [:]]
        ])
        let error = #expect(throws: JSONRPCError.self) { try metadata.revision() }
        #expect(error?.code == .unsupportedVersion)
        #expect(error?.data == ["supported": ["2026-07-28"], "requested": .string(version)])
    }

    @Test func `client information is optional`() throws {
        let metadata = try RequestMetadata(readingFrom: [
            "_meta": ["io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [:]]
        ])
        #expect(metadata.client == nil)
        #expect(try metadata.revision() == .v2026_07_28)
    }
}
