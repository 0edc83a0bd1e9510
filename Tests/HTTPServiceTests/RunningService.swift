import Access
import HTTPService
import HTTPTypes
import HummingbirdCore
import Listeners
import Logging
import NIOCore
import ServiceLifecycle

/// A service on loopback for the time of a test.
struct RunningService {
    let listeners: [BoundListener]
    let drain: Signal
    private let group: ServiceGroup
    private let service: HTTPService

    var listener: BoundListener { listeners[0] }

    func stop() async { await group.triggerGracefulShutdown() }
    func reloadCertificate() async { await service.reloadCertificate() }

    static func with<Value: Sendable>(
        _ routes: [Route], fallback: Route? = nil, listen: [ListenSpecification] = [.literal(.loopback4, port: 0)],
        configure: (inout ServiceConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (RunningService) async throws -> Value
    ) async throws -> Value {
        var configuration = ServiceConfiguration(
            product: "test", accessLog: nil, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        configure(&configuration)
        let listeners = try ListenerBinding.bind(BindPlan(listen)).listeners
        let serving = Signal()
        let service = HTTPService(listeners: listeners, router: Router(routes, fallback: fallback), configuration: configuration) {
            serving.raise()
        }
        let group = ServiceGroup(services: [service], logger: configuration.logger)
        return try await withThrowingTaskGroup(of: Value?.self) { tasks in
            tasks.addTask {
                // Raised also where the service fails to start, so that the test ends with its error.
                defer { serving.raise() }
                try await group.run()
                return nil
            }
            tasks.addTask {
                await serving.wait()
                let running = RunningService(listeners: listeners, drain: service.drain, group: group, service: service)
                do {
                    let value = try await body(running)
                    await group.triggerGracefulShutdown()
                    return value
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
            }
            var value: Value?
            for try await result in tasks { value = result ?? value }
            guard let value else { throw CancellationError() }
            return value
        }
    }
}

extension Route {
    /// Answers with the method, the principal and the body.
    static func echo(_ path: String, _ methods: [HTTPRequest.Method] = [.get, .post], isAnonymous: Bool = false) -> Route {
        var route = Route(path: path, isAnonymous: isAnonymous) { request in
            let body = try await request.collectBytes()
            return .text("\(request.method.rawValue) \(request.principal.name) \(String(decoding: body, as: UTF8.self))")
        }
        route.methods = methods
        return route
    }
}

extension Response {
    static func text(_ text: String) -> Response {
        Response(status: .ok, headers: [.contentType: "text/plain"], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
