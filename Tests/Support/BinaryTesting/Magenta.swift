package import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The real binary, run with an empty environment but for a home of its own.
package enum Magenta {
    package static func environment(in scratch: Scratch) throws -> [String: String] {
        ["HOME": try scratch.folder("home")]
    }

    package static func start(_ arguments: [String], in scratch: Scratch, hasInput: Bool = false) throws -> ChildProcess {
        guard let binary = Components.magenta else { throw TestFailure("no magenta binary beside the tests") }
        return try ChildProcess([binary] + arguments, environment: try environment(in: scratch), in: scratch, hasInput: hasInput)
    }

    /// Runs one command to its end and gives what it printed; throws when it does not exit with `code`.
    package static func run(
        _ arguments: [String], in scratch: Scratch, exits code: Int32 = 0, within timeout: Duration = .seconds(120)
    ) async throws -> String {
        let process = try start(arguments, in: scratch)
        let status = try await process.exit(within: timeout)
        guard status == .code(code) else {
            throw TestFailure("magenta \(arguments.joined(separator: " ")) ended with \(status): \(process.errorText.suffix(2000))")
        }
        return process.outputText
    }

    /// Runs one command that prints one JSON object.
    package static func json(_ arguments: [String], in scratch: Scratch, within timeout: Duration = .seconds(120)) async throws -> JSONValue {
        let text = try await run(arguments + ["--json"], in: scratch, within: timeout)
        do {
            return try JSONReader().read(text)
        } catch {
            throw TestFailure("magenta \(arguments.joined(separator: " ")) --json printed no JSON object (\(error)): \(text.prefix(500))")
        }
    }

    /// Runs `magenta serve` while `body` runs, then stops it by SIGTERM and expects exit code 0.
    package static func serving<Value>(
        _ arguments: [String], port: Int = 0, in scratch: Scratch, _ body: (Server) async throws -> Value
    ) async throws -> Value {
        let process = try start(["serve", "--listen", "localhost:\(port)"] + arguments, in: scratch)
        do {
            let server = Server(process: process, port: try await ready(process))
            let value = try await body(server)
            try await server.stop()
            return value
        } catch {
            process.send(SIGKILL)
            throw TestFailure("\(error)\nthe server's log ends:\n\(process.errorText.suffix(3000))")
        }
    }

    /// Waits until the log names a port and `/health` answers on it.
    package static func ready(_ process: ChildProcess) async throws -> Int {
        try await eventually(within: .seconds(30), "magenta serve to be healthy") {
            if let status = process.exitStatus { throw TestFailure("magenta serve ended with \(status) before it was ready") }
            guard let port = Self.port(in: process.errorText) else { return nil }
            // Refused until the socket listens; any other trouble shows at the deadline.
            let answer = try? await exchange(HTTPCall("GET", "/health"), "127.0.0.1", port, within: .seconds(5))
            return answer?.status == 200 ? port : nil
        }
    }

    /// The port in a log line that says `listening`: after a bracket or a dotted quad, or as `port=8000` or `"port":8000`.
    package static func port(in log: String) -> Int? {
        for line in log.split(separator: "\n") where line.lowercased().contains("listening") {
            let match = line.firstMatch(of: /(?:\]:|\d+\.\d+\.\d+\.\d+:|\bport"?\s*[=:]\s*"?)(\d{1,5})\b/)
            if let match, let port = Int(match.1), port > 0 { return port }
        }
        return nil
    }
}

/// A running `magenta serve` on both loopback addresses.
package struct Server: Sendable {
    package let process: ChildProcess
    package let port: Int

    package init(process: ChildProcess, port: Int) {
        self.process = process
        self.port = port
    }

    /// SIGTERM where the test has not sent it (a second one cuts the drain short), and the exit code of a server that drained.
    package func stop() async throws {
        if !process.wasSent(SIGTERM) { process.send(SIGTERM) }
        let status = try await process.exit(within: .seconds(20))
        guard status == .code(0) else { throw TestFailure("after SIGTERM magenta serve ended with \(status)") }
    }
}
