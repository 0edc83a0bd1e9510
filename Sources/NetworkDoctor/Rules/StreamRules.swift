import Diagnosis
import Listeners
import Transcripts

/// Layer 7: whether event streams open and are passed on at once.
enum StreamRules {
    /// The server sends its first event at once; a proxy that holds it back shows within this.
    static let firstEventLimit: Duration = .seconds(1)
    /// The two events of /health/stream are a second apart; closer than this together, something held the first back.
    static let apart: Duration = .milliseconds(500)

    static func checks(_ report: Report) -> [Check] {
        [open(report), retry(report), buffering(report)].compactMap(\.self)
    }

    private static func open(_ report: Report) -> Check? {
        let subject = "GET \(report.target.shownPath)"
        switch report.stream.opening {
        case .notChecked(let reason): return .notChecked(.streamOpen, subject, reason)
        case .known(let opening):
            guard report.hasAnswer else { return .notChecked(.streamOpen, subject, "nothing answers HTTP there") }
            guard let answer = opening.exchange.answer else {
                return Check(
                    .streamOpen, .fail, subject, opening.exchange.outcome.words, cause: "not even the head of the stream came through",
                    fix: "switch buffering off in the proxy before the server (nginx: proxy_buffering off)")
            }
            guard answer.status == 200, answer.mediaType == "text/event-stream" else {
                // 405 is how a server without this stream says so; what refuses the client is told by the layer below.
                let isRefusal = [400, 401, 403, 404, 405, 406, 421].contains(answer.status)
                let wants = report.entry?.type == "sse" && !isAuthorization(answer.status)
                return Check(
                    .streamOpen, wants ? .fail : isRefusal ? .skip : .warn, subject, "HTTP \(answer.status): no old-style stream here",
                    cause: wants ? "the entry's type is sse, and the path serves no HTTP+SSE" : nil, fix: wants ? "set \"type\": \"http\"" : nil)
            }
            guard let first = opening.firstEvent else {
                // A Streamable HTTP server may keep a GET stream silent; type sse cannot do without the first event.
                guard report.entry?.type == "sse" || report.http.report != nil else {
                    return Check(.streamOpen, .skip, subject, "the stream opened, and no event came, as Streamable HTTP allows")
                }
                return Check(
                    .streamOpen, .fail, subject, "the stream opened, and no event came", cause: "a proxy holds events back",
                    fix: "switch buffering off in the proxy before the server (nginx: proxy_buffering off)")
            }
            let endpoint = opening.endpoint.map { "endpoint \($0.prefix { $0 != "?" })" } ?? "no endpoint event"
            guard first <= firstEventLimit else {
                return Check(
                    .streamOpen, .warn, subject, "the first event came late; \(endpoint)", duration: first, cause: "something holds events back",
                    fix: "switch buffering off in the proxy before the server (nginx: proxy_buffering off)")
            }
            return Check(.streamOpen, .ok, subject, "first event at once; \(endpoint)", duration: first)
        }
    }

    private static func isAuthorization(_ status: Int) -> Bool { [401, 403, 421].contains(status) }

    private static func retry(_ report: Report) -> Check? {
        guard let opening = report.stream.opening.value, opening.firstEvent != nil else { return nil }
        guard let retry = opening.retry else {
            return Check(
                .streamRetry, .skip, "retry", "not sent: after a restart clients come back after their own 1 to 3 s")
        }
        return Check(.streamRetry, .ok, "retry", "\(retry) ms")
    }

    private static func buffering(_ report: Report) -> Check? {
        let subject = "GET /health/stream"
        switch report.stream.pace {
        case .notChecked(let reason): return .notChecked(.streamBuffering, subject, reason)
        case .known(let pace):
            // A path of magenta's own: what others answer to it says nothing.
            guard report.http.report != nil else { return .notChecked(.streamBuffering, subject, "the server is not magenta") }
            guard let answer = pace.exchange.answer else {
                return Check(
                    .streamBuffering, .fail, subject, pace.exchange.outcome.words, cause: "a proxy waits for the end of the stream",
                    fix: "switch buffering off in the proxy before the server (nginx: proxy_buffering off)")
            }
            guard answer.status == 200 else {
                return .notChecked(.streamBuffering, subject, "the server has no such test (HTTP \(answer.status))")
            }
            guard pace.arrivals.count >= 2, let first = pace.arrivals.first, let last = pace.arrivals.last else {
                return Check(
                    .streamBuffering, .fail, subject, "\(pace.arrivals.count) of 2 events came", cause: "something cuts streams off",
                    fix: "raise the read time-out of the proxy before the server to an hour")
            }
            if last - first >= apart {
                return Check(
                    .streamBuffering, .ok, subject, "events a second apart arrive \((last - first).wholeMilliseconds) ms apart", duration: first)
            }
            let name = answer.headers["via"] ?? answer.headers["server"] ?? "a proxy"
            return Check(
                .streamBuffering, .fail, subject, "events sent a second apart arrive together", duration: first,
                cause: "\(name) buffers the stream", fix: "nginx: proxy_buffering off; proxy_http_version 1.1; others: switch response buffering off")
        }
    }
}
