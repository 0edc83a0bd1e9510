package import BinaryTesting

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension TestNetwork {
    /// Starts `magenta serve` on the server's host and waits until it has dialled itself.
    ///
    /// It ends with the value that is given back; `stop()` ends it as an operator would and looks at its exit code.
    /// - Parameter arguments: beside `--listen`, the store and `--no-watch`.
    package func serve(_ arguments: [String] = ["--no-auth"], listen: String = "all:8000") async throws -> NetworkServer {
        guard let magenta = Components.magenta else { throw TestFailure("no magenta binary beside the tests") }
        let process = try server.start(
            [magenta, "serve", "--listen", listen, "--no-watch", "--store", scratch.path("memory.sqlite")] + arguments)
        _ = try await eventually(within: .seconds(20), "magenta serve to have dialled itself") {
            if let status = process.exitStatus { throw TestFailure("magenta serve ended with \(status): \(process.errorText)") }
            return process.errorText.contains("dialled itself") ? true : nil
        }
        return NetworkServer(process: process)
    }
}

extension NetworkHost {
    /// Runs one command of magenta on this host to its end.
    package func magenta(
        _ arguments: [String], environment: [String: String] = [:], within timeout: Duration = .seconds(60)
    ) async throws -> Result {
        guard let magenta = Components.magenta else { throw TestFailure("no magenta binary beside the tests") }
        return try await run([magenta] + arguments, environment: environment, within: timeout)
    }
}

/// A `magenta serve` in a network of the test's own.
package struct NetworkServer: Sendable {
    package let process: ChildProcess

    package var log: String { process.errorText }

    /// SIGTERM, and the exit code of a server that drained.
    package func stop() async throws {
        process.send(SIGTERM)
        let status = try await process.exit(within: .seconds(20))
        guard status == .code(0) else { throw TestFailure("after SIGTERM magenta serve ended with \(status): \(log.suffix(2000))") }
    }
}
