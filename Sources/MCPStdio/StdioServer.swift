public import Access
public import MCPCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Serves one client over two descriptors: newline-delimited JSON-RPC, every revision, nothing but protocol on the output.
///
/// An `initialize` pins the conversation to a legacy revision; requests of 2026-07-28, which carry their own metadata, are answered
/// all the same. Requests are read one after the other and answered as they are done.
public struct StdioServer: Sendable {
    /// What one conversation may take.
    public struct Limits: Sendable, Hashable {
        /// How long one line may be, in bytes.
        public var lineBytes = 4 * 1024 * 1024
        /// How many requests may be answered at once.
        public var requestsInFlight = 64
        /// How many bytes may wait to be written before reading pauses.
        public var unwrittenBytes = 1024 * 1024
        /// How long requests that were read may still take after the input has ended.
        public var timeoutAtEnd: Duration = .seconds(10)
        /// How long the client, and the person in front of it, may take to answer a question.
        public var questionTimeout: Duration = .seconds(600)

        /// The limits that stand here.
        public init() {}
    }

    private let server: MCPServer
    private let input: CInt
    private let output: CInt
    private let principal: Principal
    private let limits: Limits

    /// - Parameters:
    ///   - server: what is served.
    ///   - input: where requests come from; standard input unless told otherwise.
    ///   - output: where answers go; standard output unless told otherwise.
    ///   - principal: whom the tools see.
    ///   - limits: what the conversation may take.
    public init(
        server: MCPServer, input: CInt = 0, output: CInt = 1, principal: Principal = .local, limits: Limits = Limits()
    ) {
        self.server = server
        self.input = input
        self.output = output
        self.principal = principal
        self.limits = limits
    }

    /// Serves until the input ends, the client stops reading or the task is cancelled. What was read before the end is answered,
    /// within ``Limits/timeoutAtEnd``; handlers that run longer are cancelled.
    ///
    /// Ignores SIGPIPE in the whole process: a client that went away must not kill it.
    ///
    /// - Throws: ``StdioError`` where the input cannot be read.
    public func run() async throws(StdioError) {
        signal(SIGPIPE, SIG_IGN)
        let stop = try StopSignal()
        let failure = await withTaskCancellationHandler {
            await serve(stop)
        } onCancel: {
            stop.raise()
        }
        if let failure { throw failure }
    }

    private func serve(_ stop: StopSignal) async -> StdioError? {
        let writer = LineWriter(descriptor: output, limit: limits.unwrittenBytes, stop: stop)
        let (inputEnd, inputEnded) = AsyncStream.makeStream(of: Never.self)
        let settings = StdioSettings()
        let changes = server.changes.subscribe { settings.wants($0) }
        defer { changes.end() }
        return await withTaskGroup(of: StdioError?.self) { group in
            group.addTask {
                await answerAll(writer, stop, settings) { inputEnded.finish() }
            }
            group.addTask {
                for await change in changes.changes {
                    if let notification = change.legacyNotification { writer.offer(notification.bytes) }
                }
                // The end of a companion is not the end of the conversation.
                await untilCancelled()
                return nil
            }
            group.addTask {
                await server.run()
                // The end of a companion is not the end of the conversation.
                await untilCancelled()
                return nil
            }
            group.addTask {
                for await _ in inputEnd {}
                try? await Task.sleep(for: limits.timeoutAtEnd)
                return nil
            }
            let first = await group.next() ?? nil
            // Late handlers are cancelled and can answer no more; a write that nobody reads is given up.
            writer.close()
            group.cancelAll()
            stop.raise()
            return first
        }
    }

    private func answerAll(_ writer: LineWriter, _ stop: StopSignal, _ settings: StdioSettings, atEnd: @Sendable () -> Void) async -> StdioError? {
        var reader = LineReader(descriptor: input, limit: limits.lineBytes, stop: stop)
        var conversation = StdioConversation(
            server: server, principal: principal, writer: writer, settings: settings, limits: limits)
        return await withTaskGroup(of: Void.self) { group in
            var failure: StdioError?
            do throws(StdioError) {
                while let line = try await reader.next() {
                    await writer.makeRoom()
                    switch await conversation.receive(line) {
                    case .nothing: break
                    case .answer(let bytes): await writer.write(bytes)
                    case .work(let work):
                        group.addTask { await work() }
                    }
                }
            } catch {
                failure = error
            }
            atEnd()
            // What listens would go on for ever.
            conversation.endListening()
            await group.waitForAll()
            return failure
        }
    }
}
