package import BinaryTesting
import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A real Docker engine in a network namespace of its own. One serves all tests of a run and ends with it, however it ends.
package final class DockerEngine: Sendable {
    /// What this machine lacks for it; `nil` where nothing is missing. Whether it starts is another question: see ``isRunning``.
    package static let missing: String? = {
        #if os(Linux)
            let programs = ["dockerd", "docker", "containerd", "iptables", "ip", "unshare", "nsenter"].filter { Components.program($0) == nil }
            if !programs.isEmpty { return "no \(programs.joined(separator: ", ")): scripts/bootstrap --tests installs it" }
            return geteuid() == 0 ? nil : "a Docker engine needs root"
        #else
            return "a Docker engine of the tests' own needs Linux"
        #endif
    }()

    /// Whether one could be started; if not, why is printed.
    package static var isRunning: Bool {
        get async {
            guard missing == nil else { return false }
            return (try? await shared()) != nil
        }
    }

    package static func shared() async throws -> DockerEngine { try await SharedEngine.instance.engine() }

    package static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// A folder that lasts as long as the engine; containers are given it by its own path.
    package let scratch: Scratch
    /// Holds the engine's standard input open, with whose end it ends.
    private let process: ChildProcess
    package let images: DockerImages

    private init(scratch: Scratch, process: ChildProcess) {
        self.scratch = scratch
        self.process = process
        images = DockerImages(scratch: scratch)
    }

    fileprivate static func started() async throws -> DockerEngine {
        // A short name: containerd's sockets lie deep in it, and a socket's path holds 107 bytes at most.
        let scratch = try Scratch.lasting(named: "magenta-\(UUID().uuidString.prefix(8))")
        let script = "\(Components.package)/Tests/Interop/docker-engine.sh"
        let process = try ChildProcess(["/bin/sh", script, scratch.root], environment: environment(scratch), in: scratch, hasInput: true)
        let engine = DockerEngine(scratch: scratch, process: process)
        do {
            try await eventually(within: .seconds(20), "the Docker engine to answer") {
                let version = try engine.start(["version"])
                return try await version.exit(within: .seconds(10)) == .code(0) ? () : nil
            }
        } catch {
            let log = String(decoding: Scratch.bytes(at: scratch.path("engine.log")), as: UTF8.self)
            process.closeInput()
            try await process.exit(within: .seconds(20))
            throw TestFailure("\(error); its log ends: \(log.suffix(1000))")
        }
        return engine
    }

    private static func environment(_ scratch: Scratch) -> [String: String] {
        [
            "PATH": path, "HOME": scratch.root, "DOCKER_HOST": "unix://\(scratch.path("docker.sock"))",
            // Without buildx, which Debian has not.
            "DOCKER_BUILDKIT": "0",
        ]
    }

    /// Starts a program of the engine's client: `docker`, or another that reads `DOCKER_HOST`.
    package func start(
        _ arguments: [String], program: String = "docker", environment: [String: String] = [:], in scratch: Scratch? = nil
    ) throws -> ChildProcess {
        guard let program = Components.program(program) else { throw TestFailure("no \(program)") }
        return try ChildProcess(
            [program] + arguments, environment: Self.environment(self.scratch).merging(environment) { $1 }, in: scratch ?? self.scratch)
    }

    /// Runs a command of `docker`, which must end well, and gives what it printed, without the last line break.
    @discardableResult
    package func docker(
        _ arguments: [String], program: String = "docker", environment: [String: String] = [:], within timeout: Duration = .seconds(60)
    ) async throws -> String {
        let process = try start(arguments, program: program, environment: environment)
        let status = try await process.exit(within: timeout)
        guard status == .code(0) else {
            throw TestFailure("\(program) \(arguments.joined(separator: " ")) ended with \(status): \(process.errorText.suffix(2000))")
        }
        return process.outputText.hasSuffix("\n") ? String(process.outputText.dropLast()) : process.outputText
    }

    /// Starts a program on the engine's host: in its network namespace, where published ports are.
    package func startOnHost(_ arguments: [String], _ environment: [String: String], in scratch: Scratch) throws -> ChildProcess {
        let pid = String(decoding: Scratch.bytes(at: self.scratch.path("engine.pid")), as: UTF8.self).filter(\.isNumber)
        return try ChildProcess(
            ["/usr/bin/nsenter", "--net=/proc/\(pid)/ns/net"] + arguments,
            environment: ["PATH": Self.path, "HOME": scratch.root].merging(environment) { $1 }, in: scratch)
    }
}

/// The engine of this run, started when it is first asked for.
private actor SharedEngine {
    static let instance = SharedEngine()
    private var starting: Task<DockerEngine, any Error>?

    func engine() async throws -> DockerEngine {
        if let starting { return try await starting.value }
        let task = Task {
            do {
                return try await DockerEngine.started()
            } catch {
                print("no Docker engine: \(error)")
                throw error
            }
        }
        starting = task
        return try await task.value
    }
}
