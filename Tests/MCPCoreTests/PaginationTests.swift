import JSON
import MCPCore
import MCPTesting
import Testing

@Suite struct Pagination {
    @Test func `following the cursors gives every tool once and in order`() async throws {
        let client = try InProcessClient(try FixtureServer.make(pageSize: 4))
        var names: [String] = []
        var params = JSONObject()
        var pages = 0
        repeat {
            let page = try await client.request("tools/list", params)
            names += (page["tools"]?.array ?? []).compactMap { $0["name"]?.string }
            params = page["nextCursor"].map { ["cursor": $0] } ?? [:]
            pages += 1
            #expect(page["cacheScope"] == "private")
        } while !params.isEmpty && pages < 10
        #expect(names == FixtureServer.tools.map(\.name))
        #expect(pages == 3)
    }

    @Test func `the last page has no cursor member`() async throws {
        let result = try await InProcessClient(try FixtureServer.make(), revision: .v2025_06_18).request("tools/list")
        #expect(result.object?.keys == ["tools"])
    }

    @Test(arguments: ["", "x", "c", "c6", "czz", "cff", "c6e6f626f6479", 7, .null] as [JSONValue])
    func `a cursor that the list never gave out is invalid`(cursor: JSONValue) async throws {
        let client = try InProcessClient(try FixtureServer.make())
        let error = await #expect(throws: JSONRPCError.self) { try await client.request("tools/list", ["cursor": cursor]) }
        #expect(error?.code == .invalidParams)
    }
}
