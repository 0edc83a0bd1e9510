import Access
import Authorization
import BinaryTesting
import JSON
import MCPCore
import MCPHTTP
import MCPTesting
import Testing

/// Lets in everybody who names himself, with the scopes that stand behind the name: `Bearer ana read write`.
private struct NamedScopes: Authenticator {
    func authenticate(authorization: String?) async -> Authentication {
        guard let words = authorization?.split(separator: " "), words.count > 1 else { return .missing }
        return .accepted(Principal(name: String(words[1]), scopes: Set(words.dropFirst(2).map { Scope(rawValue: String($0)) })))
    }
}

@Suite struct `Scopes of tools` {
    static let erase = Tool(name: "erase", description: "Erases.", scopes: [.read, .admin]) { _, _ in .text("gone") }

    @Test func `that a token lacks are a 403 that names all of them, in both eras`() async throws {
        try await RunningEndpoint.with(tools: [Self.erase], authenticator: NamedScopes()) { endpoint in
            let reader = ("Authorization", "Bearer ana read")
            let modern = try await endpoint.post(
                RunningEndpoint.modern("tools/call", #""name":"erase""#), RunningEndpoint.modernHeaders("tools/call", name: "erase") + [reader])
            #expect(modern.status == 403)
            #expect(modern.head["www-authenticate"]?.contains(#"error="insufficient_scope""#) == true)
            #expect(modern.head["www-authenticate"]?.contains(#"scope="admin read""#) == true)
            let initialize = #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}"#
            let greeting = try await endpoint.post(initialize, [reader])
            let session = try #require(greeting.head["mcp-session-id"])
            let call = #"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"erase"}}"#
            let legacy = try await endpoint.post(call, [reader, ("Mcp-Session-Id", session)])
            #expect(legacy.status == 403)
            let admin = try await endpoint.post(
                RunningEndpoint.modern("tools/call", #""name":"erase""#),
                RunningEndpoint.modernHeaders("tools/call", name: "erase") + [("Authorization", "Bearer bob read admin")])
            #expect(admin.status == 200)
        }
    }

    @Test func `a session presented by somebody else does not exist`() async throws {
        try await RunningEndpoint.with(authenticator: NamedScopes()) { endpoint in
            let initialize = #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}"#
            let greeting = try await endpoint.post(initialize, [("Authorization", "Bearer ana read")])
            let session = try #require(greeting.head["mcp-session-id"])
            let list = #"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#
            let other = try await endpoint.post(list, [("Authorization", "Bearer bob read"), ("Mcp-Session-Id", session)])
            #expect(other.status == 404)
        }
    }

    @Test func `of issued tokens stand for narrower ones, and one that only reads is kept from a tool that writes`() async throws {
        let writing = Tool(name: "remember", description: "Writes.", scopes: [.write]) { _, _ in .text("kept") }
        let tokens = [Scope.read, .write, .admin].map { ($0, IssuedToken.random()) }
        let table = IssuedTokenTable(
            tokens.map { scope, token in IssuedTokenTable.Entry(name: scope.rawValue, hash: token.hash, scopes: [scope]) })
        let authenticator = IssuedTokenAuthenticator(isOpenWithoutTokens: true) { table }
        try await RunningEndpoint.with(tools: [writing], authenticator: authenticator) { endpoint in
            for (scope, token) in tokens {
                let answer = try await endpoint.post(
                    RunningEndpoint.modern("tools/call", #""name":"remember""#),
                    RunningEndpoint.modernHeaders("tools/call", name: "remember") + [("Authorization", "Bearer \(token.text)")])
                #expect(answer.status == (scope == .read ? 403 : 200), "\(scope.rawValue)")
                if scope == .read { #expect(answer.head["www-authenticate"]?.contains(#"scope="write""#) == true) }
                let list = try await endpoint.post(
                    RunningEndpoint.modern("tools/list"),
                    RunningEndpoint.modernHeaders("tools/list") + [("Authorization", "Bearer \(token.text)")])
                #expect(list.status == 200)
            }
        }
    }
}
