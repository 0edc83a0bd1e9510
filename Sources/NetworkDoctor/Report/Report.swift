package import Transcripts

/// Everything that the probes found about one target. Plain data: the rules read it, nothing in it judges.
package struct Report: Sendable, Hashable {
    /// Seconds since 1970 at which it was made.
    package var time: Int64
    package var target: Target
    /// The entry of a client's configuration that names the target; `nil` where a URL was given.
    package var entry: ConfiguredServer?
    /// What Claude Code wrote down of its last attempt with the entry; `nil` where it never tried, or a URL was given.
    package var log: ClaudeCodeLog?
    package var environment: EnvironmentFacts
    package var names: NameFacts
    /// One per address, in the order in which a client gets them.
    package var connections: [ConnectionFact]
    /// One per address that was connected, where the URL is https.
    package var handshakes: [HandshakeFact]
    package var http: HTTPFacts
    package var stream: StreamFacts
    package var mcp: MCPFacts
    package var server: ServerFacts
    package var capture: CaptureFacts

    package init(
        time: Int64, target: Target, entry: ConfiguredServer? = nil, environment: EnvironmentFacts = .init(), names: NameFacts = .init(),
        connections: [ConnectionFact] = [], handshakes: [HandshakeFact] = [], http: HTTPFacts = .init(), stream: StreamFacts = .init(),
        mcp: MCPFacts = .init(), server: ServerFacts = .init(), capture: CaptureFacts = .init()
    ) {
        self.time = time
        self.target = target
        self.entry = entry
        self.environment = environment
        self.names = names
        self.connections = connections
        self.handshakes = handshakes
        self.http = http
        self.stream = stream
        self.mcp = mcp
        self.server = server
        self.capture = capture
    }
}

let notLookedAt = "it was not looked at"
