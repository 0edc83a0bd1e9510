import Access
import JSON
import Testing

@testable import Authorization

@Suite struct ProtectedResourceTests {
    private func make(_ url: String = "HTTPS://MCP.Example.com:443/mcp/") throws -> ProtectedResource {
        try ProtectedResource(url: url, authorizationServers: ["https://auth.example.com"], name: "Memory")
    }

    @Test func `the document names the canonical URL, the servers, the scopes and the one way to send a token`() throws {
        #expect(
            JSONWriter.string(of: try make().json)
                == #"{"resource":"https://mcp.example.com/mcp","authorization_servers":["https://auth.example.com"],"scopes_supported":["read","write","admin"],"bearer_methods_supported":["header"],"resource_name":"Memory"}"#
        )
        #expect(try make("http://localhost:8000/").url == "http://localhost:8000")
    }

    @Test func `the document stands at the path of every endpoint and at the root`() throws {
        let root = "/.well-known/oauth-protected-resource"
        #expect(try make().wellKnownPaths(endpointPaths: ["/mcp", "/sse", "/"]) == [root + "/mcp", root + "/sse", root])
        #expect(try make("https://a.example").wellKnownPaths(endpointPaths: []) == [root])
        #expect(try make().metadataURL == "https://mcp.example.com/.well-known/oauth-protected-resource/mcp")
        #expect(try make("https://a.example/").metadataURL == "https://a.example/.well-known/oauth-protected-resource")
    }

    @Test func `challenges say where to go, what to ask for and what was wrong`() throws {
        let resource = try make()
        let metadata = #"resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp""#
        #expect(resource.challenge(.missing) == #"Bearer \#(metadata), scope="read write""#)
        #expect(
            resource.challenge(.invalid(reason: "the token has expired"))
                == #"Bearer \#(metadata), scope="read write", error="invalid_token", error_description="the token has expired""#)
        #expect(
            resource.challenge(.insufficientScope(needed: [.write, .admin]))
                == #"Bearer \#(metadata), scope="write admin", error="insufficient_scope", error_description="the token lacks a scope that this operation needs""#
        )
        #expect(resource.challenge(.malformed(reason: "x")).hasSuffix(#"error="invalid_request", error_description="x""#))
    }

    @Test func `offline access is never asked for`() throws {
        let offline = Scope(rawValue: "offline_access")
        let resource = try ProtectedResource(
            url: "https://a.example", authorizationServers: ["https://auth.example.com"], scopes: [.read, offline], initialScopes: [offline, .read])
        #expect(resource.scopes == [.read] && resource.initialScopes == [.read])
    }

    @Test(arguments: [
        "", "mcp.example.com", "ftp://a.example", "https://", "https:///mcp", "https://a.example/#x", "https://a.example/?x",
        "https://u:p@a.example/", "https://a.example:0/", "https://a.example:99999", "https://a.example:x", "https://a b/", "https://a.example/\"",
        "https://a.example/\r\nX: y", "https://\u{e9}.example", "https://[::1", "https://[]/", "https://[::1]x/",
    ])
    func `a URL that tokens cannot be made out for is refused with the reason and the fix`(url: String) {
        let error = #expect(throws: AuthorizationSettingError.self) { try make(url) }
        #expect(error?.description.contains("Fix: ") == true && error?.description.contains("u:p") == false)
        #expect(error?.description.contains { $0.isNewline } == false)
    }

    @Test func `an issuer is https, or on this machine`() throws {
        for good in ["https://auth.example.com/realms/one", "http://localhost:9000", "http://127.8.9.1/", "http://[::1]:9000"] {
            #expect(throws: Never.self) { try WebAddress.issuer(good) }
        }
        for bad in ["http://auth.example.com", "http://127.0.0.1.evil.example", "http://localhost.evil.example", "https://a.example?x"] {
            #expect(throws: AuthorizationSettingError.self) { try WebAddress.issuer(bad) }
        }
        #expect(throws: AuthorizationSettingError.self) { try ProtectedResource(url: "https://a.example", authorizationServers: []) }
    }
}
