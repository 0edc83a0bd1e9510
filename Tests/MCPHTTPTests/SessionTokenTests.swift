import Access
import JSON
import MCPCore
import Testing

@testable import MCPHTTP

@Suite struct SessionTokenTests {
    private let principal = Principal(name: "token:default", scopes: [.read])

    private func key(_ byte: UInt8) throws -> ServerKey {
        try #require(ServerKey([UInt8](repeating: byte, count: 32)))
    }

    private func session(expires: UInt32 = 1000) -> Session {
        Session(
            id: SessionID(high: 1, low: 2), revision: .v2025_06_18, capabilities: CapabilityBits(["roots": ["listChanged": true]]),
            expires: expires, principal: SessionTokens.hash(of: principal))
    }

    @Test func `a session comes back from its id, in another process with the same key too`() throws {
        let token = SessionTokens(serverKey: try key(7)).token(for: session())
        let back = SessionTokens(serverKey: try key(7)).session(from: token, principal: principal, now: 999)
        #expect(back == session())
        #expect(back?.conversation.clientCapabilities == ["roots": ["listChanged": true]])
        #expect(token.utf8.count <= 512)
        #expect(token.utf8.allSatisfy { (0x21...0x7E).contains($0) })
    }

    @Test func `another key, another principal, a later time and any changed character make it unknown`() throws {
        let tokens = SessionTokens(serverKey: try key(7))
        let token = tokens.token(for: session())
        #expect(SessionTokens(serverKey: try key(8)).session(from: token, principal: principal, now: 0) == nil)
        #expect(tokens.session(from: token, principal: .anonymous, now: 0) == nil)
        #expect(tokens.session(from: token, principal: principal, now: 1000) == nil)
        for index in token.indices {
            var changed = token
            changed.replaceSubrange(index...index, with: token[index] == "A" ? "B" : "A")
            #expect(tokens.session(from: changed, principal: principal, now: 0) == nil)
        }
        #expect(tokens.session(from: String(repeating: "A", count: 4000), principal: principal, now: 0) == nil)
    }
}
