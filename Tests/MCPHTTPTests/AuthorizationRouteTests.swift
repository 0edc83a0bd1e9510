import Access
import Authorization
import BinaryTesting
import HTTPService
import JSON
import Logging
import MCPCore
import MCPHTTP
import MCPTesting
import Testing

@Suite struct `What clients are told of authorization` {
    private let token = "0123456789abcdef0123456789abcdef"
    private let root = "/.well-known/oauth-protected-resource"

    private func with(_ resource: ProtectedResource?, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        let (addresses, continuation) = AsyncStream<[String]>.makeStream()
        let server = MCPHTTPServer(
            server: try FixtureServer.make(), listen: ["127.0.0.1:0"], authenticator: try BearerToken(token), protectedResource: resource,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, onListening: { continuation.yield($0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            defer { group.cancelAll() }
            var iterator = addresses.makeAsyncIterator()
            guard let port = await iterator.next()?.first?.split(separator: ":").last.flatMap({ Int($0.prefix { $0.isNumber }) }) else {
                throw TestFailure("no address to listen on")
            }
            try await body(port)
        }
    }

    private static func send(_ method: String, _ path: String, _ port: Int, _ headers: [(String, String)] = []) async throws -> HTTPAnswer {
        try await exchange(HTTPCall(method, path, headers: headers + RunningEndpoint.standard), "127.0.0.1", port)
    }

    @Test func `where there is an authorization server, where it is`() async throws {
        let resource = try ProtectedResource(url: "https://mcp.example.com/mcp", authorizationServers: ["https://auth.example.com"])
        let (root, document) = (root, resource.json)
        try await with(resource) { port in
            for path in ["", "/mcp", "/sse", "/mcp/"] {
                let answer = try await Self.send("GET", root + path, port)
                #expect(answer.status == 200 && answer.head["content-type"] == "application/json")
                #expect(try JSONReader().read(answer.text) == document)
            }
            let missing = try await Self.send("POST", "/mcp", port)
            #expect(missing.status == 401)
            #expect(missing.head["www-authenticate"] == resource.challenge(.missing))
            let wrong = try await Self.send("POST", "/mcp", port, [("Authorization", "Bearer wrong")])
            #expect(wrong.status == 401)
            #expect(wrong.head["www-authenticate"] == resource.challenge(.invalid(reason: "the token is not this server's")))
            #expect(wrong.text.contains("log in to this server"))
            let malformed = try await Self.send("POST", "/mcp", port, [("Authorization", "Bearer a b")])
            #expect(malformed.status == 400)
            #expect(malformed.head["www-authenticate"]?.contains("error=\"invalid_request\"") == true)
        }
    }

    @Test func `where there is none, that a token has to be configured`() async throws {
        let root = root
        try await with(nil) { port in
            let missing = try await Self.send("POST", "/mcp", port)
            #expect(missing.status == 401 && missing.head["www-authenticate"] == "Bearer")
            for path in [root, root + "/mcp", "/.well-known/oauth-authorization-server"] {
                #expect(try await Self.send("GET", path, port).status == 404)
            }
            let registration = try await Self.send("POST", "/register", port)
            #expect(registration.status == 400)
            #expect(registration.text.contains("this server has no login. Fix: configure the header \"Authorization: Bearer TOKEN\""))
        }
    }
}
