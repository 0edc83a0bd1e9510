import BinaryTesting

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A running server, on a port of its own.
struct Served: Sendable {
    enum Program: Sendable {
        case conformanceServer
        case requirementProbe

        var path: String? {
            switch self {
            case .conformanceServer: Components.conformanceServer
            case .requirementProbe: Components.requirementProbe
            }
        }
    }

    static let endpoint = "/mcp"

    let process: ChildProcess
    let port: Int

    /// Starts the server, runs `body`, and stops the server by SIGTERM.
    static func with(
        _ program: Program = .conformanceServer, _ arguments: [String] = [], within timeout: Duration = .seconds(60),
        _ body: @escaping @Sendable (Served) async throws -> Void
    ) async throws {
        guard let binary = program.path else { throw TestFailure("no \(program) beside the tests") }
        try await Scratch.with { scratch in
            let process = try ChildProcess([binary, "--port", "0"] + arguments, environment: [:], in: scratch)
            do {
                let server = Served(process: process, port: try await port(of: process))
                try await BinaryTesting.within(timeout, "the test's end") { try await body(server) }
                try await server.stop()
            } catch {
                process.send(SIGKILL)
                throw TestFailure("\(error)\nthe server's log ends:\n\(process.errorText.suffix(2000))")
            }
        }
    }

    /// Starts the server, opens a session as the TypeScript SDK does, with its GET stream, and ends it with DELETE.
    static func session(
        _ program: Program = .conformanceServer, _ revision: String = Session.newest,
        capabilities: JSONCapabilities = Session.standardCapabilities, arguments: [String] = [],
        _ body: @escaping @Sendable (Session, inout EventStream) async throws -> Void
    ) async throws {
        try await with(program, arguments) { server in
            try await Session.with(server.port, revision, capabilities: capabilities) { session, stream in
                try await body(session, &stream)
            }
        }
    }

    /// SIGTERM. Whether the server drains and exits with 0 is asked by a test of its own.
    @discardableResult
    func stop() async throws -> ChildProcess.ExitStatus {
        process.send(SIGTERM)
        return try await process.exit(within: .seconds(20))
    }

    /// The port in the line that it prints once it listens.
    private static func port(of process: ChildProcess) async throws -> Int {
        try await eventually(within: .seconds(30), "\(process.pid) to say where it listens") {
            if let status = process.exitStatus { throw TestFailure("the server ended with \(status) before it listened") }
            let lines = (process.outputText + process.errorText).split(separator: "\n")
            let match = lines.lazy.compactMap { $0.firstMatch(of: /https?:\/\/[^\s\/]+:(\d+)/) }.first
            return match.flatMap { Int($0.1) }
        }
    }
}
