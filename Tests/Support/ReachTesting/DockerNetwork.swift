package import BinaryTesting
import FoundationEssentials

/// The kinds of network that a user of Docker meets.
package enum DockerNetwork: String, Sendable, CaseIterable {
    case ipv4Only = "Docker, IPv4 only"
    case dualStack = "Docker, dual stack"

    var options: [String] { self == .ipv4Only ? [] : ["--ipv6", "--subnet", "fd77:1::/64"] }
}

/// A running container.
package struct DockerContainer: Sendable {
    package let engine: DockerEngine
    package let name: String

    package init(engine: DockerEngine, name: String) {
        self.engine = engine
        self.name = name
    }

    /// Starts a program in it, with the container's environment and `environment`.
    package func start(_ arguments: [String], _ environment: [String: String], in scratch: Scratch? = nil) throws -> ChildProcess {
        let variables = environment.sorted { $0.key < $1.key }.flatMap { ["-e", "\($0.key)=\($0.value)"] }
        return try engine.start(["exec"] + variables + [name] + arguments, in: scratch)
    }

    /// Runs a program in it to its end, which must be good, and gives what it printed.
    @discardableResult
    package func output(of arguments: [String], environment: [String: String] = [:], within timeout: Duration = .seconds(60)) async throws
        -> String
    {
        let process = try start(arguments, environment)
        let status = try await process.exit(within: timeout)
        guard status == .code(0) else {
            throw TestFailure(
                "\(arguments.joined(separator: " ")) in \(name) ended with \(status): \(process.errorText.suffix(1000)) \(process.outputText.suffix(1000))"
            )
        }
        return process.outputText
    }

    /// One field of `docker inspect`, by a template.
    package func inspect(_ template: String) async throws -> String { try await engine.docker(["inspect", "-f", template, name]) }

    /// Its address in its only network; `nil` where it has none of that family.
    package func address(isIPv6: Bool) async throws -> String? {
        let field = isIPv6 ? "GlobalIPv6Address" : "IPAddress"
        let address = try await inspect("{{range .NetworkSettings.Networks}}{{.\(field)}}{{end}}")
        return address.isEmpty ? nil : address
    }

    /// What it wrote, the newest last.
    package func log() async throws -> String {
        let process = try engine.start(["logs", "--tail", "60", name])
        try await process.exit(within: .seconds(20))
        return process.outputText + process.errorText
    }

    /// Waits for its HEALTHCHECK.
    package func healthy(within timeout: Duration = .seconds(40)) async throws {
        try await eventually(within: timeout, "\(name) to be healthy") {
            let state = try await inspect("{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}")
            if state.hasPrefix("exited") { throw TestFailure("\(name) ended: \(try await log())") }
            return state == "running healthy" ? () : nil
        }
    }
}

extension DockerEngine {
    /// A network of the test's own, removed with every container that is still in it.
    package func withNetwork<Value>(_ network: DockerNetwork, _ body: (_ name: String) async throws -> Value) async throws -> Value {
        let name = "net-\(UUID().uuidString.prefix(8).lowercased())"
        try await docker(["network", "create"] + network.options + [name])
        return try await cleaning(["network", "rm", name]) { try await body(name) }
    }

    /// A container, running while `body` runs; what it wrote is in the error if `body` throws.
    package func withContainer<Value>(
        _ image: String, name: String, network: String, _ options: [String] = [], command: [String] = [],
        _ body: (DockerContainer) async throws -> Value
    ) async throws -> Value {
        try await docker(["run", "-d", "--name", name, "--network", network] + options + [image] + command)
        let container = DockerContainer(engine: self, name: name)
        return try await cleaning(["rm", "-f", "-v", name]) {
            do {
                return try await body(container)
            } catch {
                let log = try await container.log()
                throw TestFailure("\(error)\n\(name) wrote:\n\(log.suffix(3000))")
            }
        }
    }

    /// Runs the command of `docker` after `body`, however that ended.
    package func cleaning<Value>(_ arguments: [String], _ body: () async throws -> Value) async throws -> Value {
        do {
            let value = try await body()
            try await docker(arguments)
            return value
        } catch {
            // What `body` threw says more than what a second failure would.
            _ = try? await docker(arguments)
            throw error
        }
    }
}
