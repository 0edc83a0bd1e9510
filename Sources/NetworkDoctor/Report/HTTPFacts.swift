package import JSON
package import Listeners

/// One request and what came of it.
package struct Exchange: Sendable, Hashable {
    package struct Answer: Sendable, Hashable {
        package var status: Int
        /// Names in lower case; the first value of each, at most 1,000 bytes.
        package var headers: [String: String]
        /// The first 4,000 bytes, of a health 64 KiB, as UTF-8.
        package var body: String

        package init(status: Int, headers: [String: String] = [:], body: String = "") {
            self.status = status
            self.headers = headers
            self.body = body
        }

        package var mediaType: String? {
            headers["content-type"]?.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() }
        }
    }

    package enum Outcome: Sendable, Hashable {
        case answered(Answer)
        /// Closed or reset before the head of an answer came.
        case closed
        case timedOut
        /// It was no HTTP, or the connection failed: in a few words.
        case failed(String)
    }

    /// `GET /health`
    package var request: String
    package var address: InternetAddress
    /// What the Host header said.
    package var host: String
    package var outcome: Outcome
    /// Until the head of the answer.
    package var duration: Duration

    package init(request: String, address: InternetAddress, host: String, outcome: Outcome, duration: Duration = .zero) {
        self.request = request
        self.address = address
        self.host = host
        self.outcome = outcome
        self.duration = duration
    }

    package var answer: Answer? {
        if case .answered(let answer) = outcome { answer } else { nil }
    }
}

/// What the server says over HTTP, before MCP.
package struct HTTPFacts: Sendable, Hashable {
    /// `GET /health` with the target's own Host, one per address that was connected.
    package var health: [Exchange] = []
    /// `GET /health` with the hosts `localhost`, the address itself and, where the target is a name, that name, at the first address.
    package var hosts: [Exchange] = []
    /// A GET of the target's path with `Accept: application/json, text/event-stream` is not among them: ``MCPFacts`` has it.
    package var authorizationSent = false
    /// `GET /health` as a client sends it that follows the proxy variables: absolute-form, to the proxy. `nil` where none takes the target away.
    package var throughProxy: Exchange?

    package init() {}

    /// The body of a health answer where magenta gave it: `{status, name, version, families, ...}`.
    package var report: JSONValue? {
        for exchange in health {
            if let answer = exchange.answer, let value = try? JSONReader().read(answer.body), value["name"]?.string == "magenta-memory" {
                return value
            }
        }
        return nil
    }
}
