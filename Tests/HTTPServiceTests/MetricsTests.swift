import Access
import HTTPService
import HTTPTypes
import HummingbirdCore
import Listeners
import NIOCore
import PrometheusText
import Testing

@Suite struct `Metrics of the HTTP service` {
    private static func registry() -> MetricRegistry {
        MetricRegistry([
            MetricFamily("t_" + ServiceMetrics.duration, .histogram(bounds: [1]), "Durations."),
            MetricFamily("t_" + ServiceMetrics.refusals, .counter, "Refusals."),
        ])
    }

    private struct Locked: Authenticator {
        func authenticate(authorization: String?) async -> Authentication { authorization == nil ? .missing : .accepted(.anonymous) }
    }

    @Test func `count answers by route and class of status, and refusals by what was not good enough`() async throws {
        let registry = Self.registry()
        let state = ServiceState()
        try await RunningService.with(
            [.echo("/mcp"), .echo("/open", isAnonymous: true)],
            configure: {
                $0.metrics = ServiceMetrics(factory: registry, prefix: "t_")
                $0.state = state
                $0.authenticator = Locked()
                $0.limits.urlBytes = 100
            }
        ) { service in
            try await Dialog.with(service.listener) { dialog in
                _ = try await dialog.get("/open")
                #expect(state.openConnections == 1)
                _ = try await dialog.get("/mcp")
                _ = try await dialog.get("/mcp", headers: "Authorization: x\r\n")
                _ = try await dialog.get("/mcp", host: "evil.example")
                _ = try await dialog.get("/mcp", headers: "Origin: https://evil.example\r\n")
                _ = try await dialog.get("/\(String(repeating: "x", count: 200))")
                _ = try await dialog.get("/never-heard-of", headers: "Authorization: x\r\n")
            }
        }
        let text = registry.text()
        #expect(text.contains("t_http_request_duration_seconds_count{route=\"/mcp\",status=\"2xx\"} 1\n"))
        #expect(text.contains("t_http_request_duration_seconds_count{route=\"/open\",status=\"2xx\"} 1\n"))
        #expect(text.contains("t_http_request_duration_seconds_count{route=\"none\",status=\"4xx\"} 5\n"))
        for reason in ["host", "origin", "auth", "limit"] {
            #expect(text.contains("t_http_refusals_total{reason=\"\(reason)\"} 1\n"), "\(reason)")
        }
        #expect(!text.contains("never"))
        #expect(state.openConnections == 0 && state.requestsInFlight == 0 && state.isStopping)
    }

    @Test func `count a stream as open until it ends, and not as a request in flight`() async throws {
        let state = ServiceState()
        let end = Signal()
        let route = Route(.get, path: "/stream", answersHead: false) { _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "hello"))
                    await end.wait()
                    try await writer.finish(nil)
                })
        }
        try await RunningService.with([route], configure: { $0.state = state }) { service in
            try await Dialog.with(service.listener) { dialog in
                try await dialog.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await dialog.text(through: "hello\r\n")
                #expect(state.openStreams == 1 && state.requestsInFlight == 0)
                end.raise()
                _ = try await dialog.text(through: "0\r\n\r\n")
            }
        }
        #expect(state.openStreams == 0)
    }
}
