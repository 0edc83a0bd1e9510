import ArgumentParser
import Logging
import MCPCore
import MCPStdio
import MemoryRecall
import MemoryStore
import MemoryTools
import Redaction

struct StdioCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stdio", abstract: "Serve one client over stdin and stdout.",
        discussion: """
            Binds nothing and prints nothing but protocol on stdout; logs go to stderr. One process of a store watches the transcripts while it \
            serves, the others only read, and one of them goes on when it ends. Ends when stdin does, after what was read is answered.
            """)

    @OptionGroup var capturing: CaptureOptions
    @OptionGroup var origin: OriginOptions
    @OptionGroup var options: SettingOptions

    func run() async throws {
        let settings = try Settings(options, capture: capturing, origin: origin)
        let store = try await OpenStore.forWriting(settings)
        let redactor = try await OpenStore.redactor(settings, for: store)
        let logger = try Log.logger(settings, redactor: redactor)
        let status = CaptureStatus()
        let capturing = LocalCapture(settings, store: store, redactor: redactor)
        let memory = try await MemoryServer.make(
            store, notice: CaptureHealth(settings, store: store, capture: capturing, status: status).line)
        let server = StdioServer(server: memory)
        let updates = ResourceUpdates(of: store, to: memory)
        let capture = CaptureService(
            store: store, capture: capturing, directories: settings.transcripts, status: status, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            if settings.watches {
                group.addTask { await capture.watch() }
                group.addTask { await updates.run() }
            }
            try await server.run()
            // The client is gone: what is not captured yet is for the next process.
            group.cancelAll()
        }
    }
}
