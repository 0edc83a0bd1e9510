import Access
import Logging
import MCPHTTP
import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// One server with a fixture for every scenario of the MCP conformance suite, for clients of every revision:
//
//     conformance-server --port 8080
//     npx @modelcontextprotocol/conformance server --url http://localhost:8080/mcp

/// What stands on the command line.
struct Options {
    static let usage = """
        usage: conformance-server [--port N] [--listen SPEC]... [--streams N]
          --port N       serves on 127.0.0.1 and ::1, port N; 0 takes a free one (default 8080)
          --streams N    how many event streams may be open at once (default 1024)
          --listen SPEC  serves there instead: localhost:PORT, all:PORT, an address with a port, unix:PATH or fd:N
        """

    private(set) var listen: [String] = []
    private(set) var limits = EndpointLimits()
    private(set) var wantsHelp = false

    /// What is wrong with the command line, in one sentence.
    struct Mistake: Error { var sentence: String }

    init(_ arguments: some Sequence<String>) throws(Mistake) {
        var port: UInt16 = 8080
        var rest = arguments.makeIterator()
        while let option = rest.next() {
            switch option {
            case "--help", "-h": wantsHelp = true
            case "--port":
                guard let value = rest.next(), let number = UInt16(value) else {
                    throw Mistake(sentence: "a number from 0 to 65535 must follow --port")
                }
                port = number
            case "--streams":
                guard let value = rest.next(), let number = Int(value), number > 0 else {
                    throw Mistake(sentence: "a number above 0 must follow --streams")
                }
                limits.streams = number
            case "--listen":
                guard let value = rest.next() else { throw Mistake(sentence: "an address must follow --listen") }
                listen.append(value)
            default: throw Mistake(sentence: "there is no option \(option)")
            }
        }
        if listen.isEmpty { listen = ["localhost:\(port)"] }
    }
}

/// Says why nothing is served, and ends the process.
func stop(_ sentence: String, status: CInt) -> Never {
    let text = "conformance-server: \(sentence)\n"
    _ = write(STDERR_FILENO, text, text.utf8.count)
    exit(status)
}

let options: Options
do throws(Options.Mistake) { options = try Options(CommandLine.arguments.dropFirst()) } catch {
    stop("\(error.sentence)\n\(Options.usage)", status: 64)
}

if options.wantsHelp {
    print(Options.usage)
} else {
    do {
        var logger = Logger(label: "conformance-server")
        logger.logLevel = .warning
        let server = MCPHTTPServer(
            server: try FixtureServer.make(), listen: options.listen, authenticator: OpenAccess(), limits: options.limits, logger: logger
        ) { addresses in
            print("conformance-server:", addresses.map { $0.hasPrefix("unix:") ? $0 : "http://\($0)/mcp" }.joined(separator: " "))
            // Whoever started this may wait for the line behind a pipe.
            fflush(nil)
        }
        // SIGTERM ends it gracefully: what is in flight is answered, then the streams end.
        try await ServiceGroup(services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
    } catch {
        stop("\(error)", status: 1)
    }
}
