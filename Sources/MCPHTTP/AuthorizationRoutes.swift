package import Authorization
package import HTTPService
import HTTPTypes
import HummingbirdCore
import JSON
import NIOCore

/// What clients look for when they were not let in. Answered to everybody: who asks has no token yet.
package enum AuthorizationRoutes {
    /// What somebody does who has no good token, where there is an authorization server.
    package static let loginAdvice = "log in to this server in your client, which gets a new token then"

    /// The metadata of a server with authorization servers (RFC 9728 section 3); without any, the one sentence that the user needs.
    package static func routes(_ resource: ProtectedResource?) -> [Route] {
        // Anything else of the kind is not there. A 401 would say that a token helps.
        let nothing = Route(.get, path: "/.well-known/*", isAnonymous: true) { throw $0.unknownPath() }
        guard let resource else { return [nothing, registration] }
        let document = JSONWriter.bytes(of: resource.json)
        return [nothing]
            + resource.wellKnownPaths(endpointPaths: MCPEndpoint.paths).map { path in
                Route(.get, path: path, isAnonymous: true) { _ in
                    Response(
                        status: .ok, headers: [.contentType: "application/json", .cacheControl: "max-age=300"],
                        body: ResponseBody(byteBuffer: ByteBuffer(bytes: document)))
                }
            }
    }

    /// A client that was given no token tries to register itself with the server (RFC 7591), as revision 2025-03-26 had it. Claude Code shows
    /// its user neither the 401 before that nor a 404 here, and of a 400 the body.
    private static let registration = Route(.post, path: "/register", isAnonymous: true) { _ in
        throw Refusal(
            .badRequest,
            "this server has no login. Fix: configure the header \"Authorization: Bearer TOKEN\" with the server's token for it in your client")
    }
}
