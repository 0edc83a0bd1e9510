import Access
import HTTPService
import HTTPTypes
import HummingbirdCore
import JSON
import NIOCore
import PrometheusText

/// What people and machines ask about the server itself.
enum HealthRoutes {
    static func routes(
        _ health: ServerHealth, metrics: ServerMetrics, state: ServiceState, challenge: @escaping @Sendable (AccessFailure) -> String
    ) -> [Route] {
        // Anonymous, for a container's health check and a kubelet's probe.
        var probe = Route(.get, path: "/health", isAnonymous: true) { request in
            let isTrusted = request.principal.scopes.contains(.read)
            let told = isTrusted ? await health.details() : health.summary
            return answer(told.isFailed ? .serviceUnavailable : .ok, type: "application/json", JSONValue.object(told.value).description)
        }
        probe.isProbe = true
        return [
            probe,
            BufferingTest().route("/health/stream"),
            Route(.get, path: "/metrics") { request in
                try request.checkMayRead(challenge)
                return answer(.ok, type: MetricRegistry.mediaType, metrics.text(state, await health.captureReport()))
            },
        ]
    }

    private static func answer(_ status: HTTPResponse.Status, type: String, _ text: String) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

extension RoutedRequest {
    func checkMayRead(_ challenge: (AccessFailure) -> String) throws(Refusal) {
        guard principal.scopes.contains(.read) else {
            throw Refusal(
                .forbidden, "\(path) needs the scope \"read\". Fix: use a token that has it",
                headers: [.wwwAuthenticate: challenge(.insufficientScope(needed: [.read]))], reason: .auth)
        }
    }
}
