import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization

/// A stream of two events, one at once and one a second later. A client to which both come at the same instant stands behind a proxy that
/// holds streams back.
package final class BufferingTest: Sendable {
    private let limit: Int
    private let pause: Duration
    private let clock: any Clock<Duration>
    private let open = Atomic<Int>(0)

    /// - Parameter limit: how many may be open at once: anybody may open one.
    package init(limit: Int = 16, pause: Duration = .seconds(1), clock: any Clock<Duration> = ContinuousClock()) {
        self.limit = limit
        self.pause = pause
        self.clock = clock
    }

    package func route(_ path: String) -> Route {
        Route(.get, path: path, isAnonymous: true, answersHead: false) { request, send in
            let count = self.open.add(1, ordering: .relaxed).newValue
            defer { self.open.subtract(1, ordering: .relaxed) }
            guard count <= self.limit else {
                throw Refusal(
                    .serviceUnavailable, "\(self.limit) of these streams are open, which is the limit. Fix: try again in a few seconds",
                    headers: [.retryAfter: "2"], reason: .limit)
            }
            let body = ResponseBody { [self] writer in
                try await writer.write(Self.event(0, at: .zero))
                if await waits(request) { try await writer.write(Self.event(1, at: pause)) }
                try await writer.finish(nil)
            }
            try await send(Response(status: .ok, headers: Self.headers, body: body))
        }
    }

    private static let headers: HTTPFields = [
        .contentType: "text/event-stream", .cacheControl: "no-cache, no-transform", .accelBuffering: "no",
    ]

    private static func event(_ number: Int, at time: Duration) -> ByteBuffer {
        ByteBuffer(string: "event: pace\nid: \(number)\ndata: {\"event\":\(number),\"ms\":\(Int(time / .milliseconds(1)))}\n\n")
    }

    /// - Returns: false where the client left or the server stops meanwhile.
    private func waits(_ request: RoutedRequest) async -> Bool {
        await withTaskGroup(of: Bool.self) { [clock, pause] tasks in
            tasks.addTask { (try? await clock.sleep(for: pause)) != nil }
            tasks.addTask {
                await request.drain.wait()
                return false
            }
            tasks.addTask {
                await request.departure.wait()
                return false
            }
            defer { tasks.cancelAll() }
            return await tasks.next() ?? false
        }
    }
}
