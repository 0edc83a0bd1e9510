import HTTPService
import Listeners
import Logging
import Synchronization
import Testing

@Suite struct `Log of the HTTP service` {
    @Test func `has method, path, status and peer of a request, and never its query`() async throws {
        let log = RecordedLog()
        try await RunningService.with(
            [.echo("/mcp")],
            configure: {
                $0.logger = log.logger; $0.accessLog = .info
            }
        ) { service in
            let answer = try await Dialog.with(service.listener) { try await $0.get("/mcp?session_id=secret") }
            #expect(answer.status == 200)
        }
        let line = try #require(log.lines.first { $0.contains("/mcp") })
        #expect(line.hasPrefix("info GET /mcp 200 bytes=14 ms="))
        #expect(line.contains(" peer=127.0.0.1 ") && !line.contains("secret"))
    }

    @Test func `names a foreign host once and not without end`() async throws {
        let log = RecordedLog()
        try await RunningService.with(
            [.echo("/")],
            configure: {
                $0.logger = log.logger; $0.accessLog = nil
            }
        ) { service in
            try await Dialog.with(service.listener) { dialog in
                for _ in 0..<3 {
                    let answer = try await dialog.get("/", host: "evil.example")
                    #expect(answer.status == 421)
                }
                for number in 0..<300 { _ = try await dialog.get("/", host: "h\(number).evil.example") }
            }
        }
        #expect(log.lines.filter { $0.contains("host=evil.example") } == ["warning refused a request host=evil.example"])
        #expect(log.lines.filter { $0.hasPrefix("warning refused a request") }.count == 256)
    }
}

/// A log that a test reads: `level message key=value ...`, keys in order.
final class RecordedLog: Sendable {
    private let recorded = Mutex<[String]>([])

    var lines: [String] { recorded.withLock { $0 } }

    var logger: Logger {
        Logger(label: "test") { _ in Handler(log: self) }
    }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let pairs = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
            log.recorded.withLock { $0.append("\(event.level) \(event.message)\(pairs.joined())") }
        }
    }
}
