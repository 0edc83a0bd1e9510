/// What the server says over MCP, one conversation per revision.
package struct MCPFacts: Sendable, Hashable {
    package struct Conversation: Sendable, Hashable {
        package enum Outcome: Sendable, Hashable {
            /// The server's name and version, and the revision that it chose.
            case agreed(name: String, version: String, revision: String)
            /// JSON-RPC said no.
            case rejected(code: Int, message: String)
            /// HTTP said no, or nothing came that could be read: ``exchange`` has it.
            case refused
        }

        package enum Transport: Sendable, Hashable {
            /// Streamable HTTP: a POST per message.
            case requests
            /// HTTP+SSE of 2024-11-05: answers come on a stream that was opened before.
            case stream
        }

        /// What was asked for: `2026-07-28` by server/discover, an older one by initialize.
        package var revision: String
        package var exchange: Exchange
        package var outcome: Outcome
        /// Whether a session id came with it.
        package var hasSession: Bool
        package var transport: Transport

        package init(
            revision: String, exchange: Exchange, outcome: Outcome, hasSession: Bool = false, transport: Transport = .requests
        ) {
            self.revision = revision
            self.exchange = exchange
            self.outcome = outcome
            self.hasSession = hasSession
            self.transport = transport
        }
    }

    package struct Tools: Sendable, Hashable {
        package var count: Int
        package var duration: Duration

        package init(count: Int, duration: Duration) {
            self.count = count
            self.duration = duration
        }
    }

    package var conversations: [Conversation] = []
    /// tools/list in the newest revision that was agreed.
    package var tools: Fact<Tools> = .notChecked(notLookedAt)
    /// The status of a POST with a session id that nobody gave out; 404 lets clients begin anew.
    package var unknownSession: Fact<Int> = .notChecked(notLookedAt)
    /// A GET of the path with a session's revision and no session: a stream, or 405.
    package var getWithoutSession: Fact<Exchange> = .notChecked(notLookedAt)

    package init() {}
}
