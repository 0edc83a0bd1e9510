package import Listeners

/// What is tried of a target over the network, and within which bounds. A value: nothing is looked at here.
package struct RemotePlan: Sendable {
    package static let defaultTimeout = Duration.seconds(5)
    /// Node 20 gives an address so long before it tries the next one; a client that prefers the first address waits no longer either.
    package static let moment = Duration.milliseconds(250)
    /// Claude Code's type `sse` can do nothing before the first event, so a server sends it with the head. Two seconds cover a slow one and
    /// leave a stream that says nothing, which Streamable HTTP allows, no chance to hold the doctor longer.
    package static let firstEventTimeout = Duration.seconds(2)

    package var target: Target
    /// In the order in which a client gets them, without repetitions.
    package var addresses: [InternetAddress]
    /// Sent with every request; over TLS only to a server whose certificate is good.
    package var headers: [String: String]
    /// Of each connection, of each address's health and of all that follows.
    package var timeout: Duration
    /// The type of the configuration's entry: `http`, `sse`; `nil` where a URL was given.
    package var entryType: String?
    /// A PEM file with certificates that the client trusts beside the system's (NODE_EXTRA_CA_CERTS).
    package var authorities: String?
    /// The doctor's own, as MCP servers see it.
    package var version: String

    package init(
        target: Target, addresses: [InternetAddress], headers: [String: String] = [:], timeout: Duration = defaultTimeout,
        entryType: String? = nil, authorities: String? = nil, version: String = "0"
    ) {
        self.target = target
        self.addresses = addresses.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        self.headers = headers
        self.timeout = timeout
        self.entryType = entryType
        self.authorities = authorities
        self.version = version
    }

    /// A server that connects and is silent costs its health's timeout and that of the layers after it.
    package var total: Duration { timeout * 2 }

    package var prefersStream: Bool { entryType == "sse" }

    /// Where health may be: at the root, and behind the prefix under which a proxy serves the target's path (`/x/mcp`: `/x/health`).
    package var healthPaths: [String] {
        let parts = target.path.prefix { $0 != "?" }.split(separator: "/")
        let prefix = parts.dropLast().map { "/\($0)" }.joined()
        return prefix.isEmpty ? ["/health"] : ["/health", prefix + "/health"]
    }

    /// The hosts that a server may be called by: `localhost`, an address, and the target's own name.
    package func hosts(at address: InternetAddress) -> [String] {
        var target = target
        let authorities = ["localhost", address.description].map { host in
            target.host = host
            return target.authority
        }
        return self.target.literal == nil && self.target.host != "localhost" ? authorities + [self.target.authority] : authorities
    }

    package var authorizationIsSet: Bool { headers.keys.contains { $0.lowercased() == "authorization" } }
}

/// What the remote probes found, as ``Report`` takes it.
package struct RemoteFindings: Sendable, Hashable {
    package var connections: [ConnectionFact] = []
    package var handshakes: [HandshakeFact] = []
    package var http = HTTPFacts()
    package var stream = StreamFacts()
    package var mcp = MCPFacts()

    package init() {}
}
