package import BinaryTesting
import FoundationEssentials
package import JSON

/// The real Claude Code, without an account: an empty environment, a scratch HOME, and a stand-in for the model's API.
package struct ClaudeCode: Sendable {
    /// Runs a program where this Claude Code shall run: here, in a container, in a network namespace.
    package typealias Start = @Sendable (_ arguments: [String], _ environment: [String: String]) throws -> ChildProcess

    /// Taken out of the wheel by `scripts/bootstrap --tests`, or named by `MAGENTA_CLAUDE_CODE`.
    package static let binary: String? = [
        ProcessInfo.processInfo.environment["MAGENTA_CLAUDE_CODE"], "\(Components.package)/.cache/claude-code/claude",
    ].compactMap { $0 }.first(where: FileManager.default.isExecutableFile)

    /// What this machine lacks for it; `nil` where nothing is missing.
    package static let missing: String? =
        if binary == nil {
            "no Claude Code: scripts/bootstrap --tests fetches it"
        } else if Components.systemPython == nil {
            "no python3 in /usr/bin, for the stand-in of the model's API"
        } else {
            nil
        }

    /// An entry of `mcpServers`.
    package struct Entry: Sendable, Hashable {
        package var name: String
        package var transport: String
        package var url: String
        package var headers: [String: String]

        package init(_ name: String, _ transport: String, _ url: String, headers: [String: String] = [:]) {
            self.name = name
            self.transport = transport
            self.url = url
            self.headers = headers
        }

        var value: JSONValue {
            let headers = self.headers.map { JSONObject.Member(key: $0.key, value: .string($0.value)) }
            return ["type": .string(transport), "url": .string(url), "headers": .object(JSONObject(headers))]
        }

        /// As Claude Code calls the server's tool.
        package func tool(_ tool: String) -> String { "mcp__\(name)__\(tool)" }
    }

    /// Its HOME, by the same path here and where it runs.
    private let home: String
    private let scratch: Scratch
    private let start: Start

    /// - Parameters:
    ///   - home: a folder below `scratch`; one of its own if `nil`.
    ///   - start: makes `scratch` visible by its own path to what it starts.
    package init(in scratch: Scratch, home: String? = nil, start: @escaping Start) throws {
        self.home = try home ?? scratch.folder("claude-\(UUID().uuidString)")
        self.scratch = scratch
        self.start = start
    }

    /// On this machine itself.
    package init(in scratch: Scratch) throws {
        try self.init(in: scratch) { try ChildProcess($0, environment: $1, in: scratch) }
    }

    /// A file of its HOME by its place in there.
    package func file(_ name: String) -> String { "\(home)/\(name)" }

    private func started(_ arguments: [String], _ more: [String: String]) throws -> ChildProcess {
        let environment = [
            "HOME": home, "PATH": "/usr/bin:/bin", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "DISABLE_AUTOUPDATER": "1",
        ]
        return try start(arguments, environment.merging(more) { $1 })
    }

    /// Runs one of its commands, which must end well, and gives what it printed.
    @discardableResult
    package func output(of arguments: [String], environment: [String: String] = [:]) async throws -> String {
        try await output(of: try started([try Self.path()] + arguments, environment))
    }

    /// Runs a line of shell, as a user would type it, and gives what it printed.
    @discardableResult
    package func shell(_ line: String) async throws -> String {
        try await output(of: try started(["/bin/sh", "-c", line], [:]))
    }

    private func output(of process: ChildProcess) async throws -> String {
        let status = try await process.exit(within: .seconds(90))
        guard status == .code(0) else {
            throw TestFailure("Claude Code ended with \(status): \(process.errorText) \(process.outputText)")
        }
        return process.outputText
    }

    private static func path() throws -> String {
        guard let binary else { throw TestFailure(missing ?? "no Claude Code") }
        return binary
    }

    /// `claude mcp add`, in the user's scope.
    package func add(_ entry: Entry) async throws {
        let headers = entry.headers.sorted { $0.key < $1.key }.flatMap { ["--header", "\($0.key): \($0.value)"] }
        try await output(of: ["mcp", "add", "-s", "user", "-t", entry.transport, entry.name, entry.url] + headers)
    }

    /// What `claude mcp list` says of each server after its address: `✔ Connected`, or why not.
    package func states(environment: [String: String] = [:]) async throws -> [String: String] {
        let text = try await output(of: ["mcp", "list"], environment: environment)
        var states: [String: String] = [:]
        for line in text.split(separator: "\n") {
            if let match = line.firstMatch(of: /^(\S+): .* - ([✔✘!⏸].*)$/) { states[String(match.1)] = String(match.2) }
        }
        return states
    }

    /// Writes `entries` into its configuration, as `add(_:)` does one by one, and gives what `claude mcp list` says of each.
    package func states(of entries: [Entry], environment: [String: String] = [:]) async throws -> [String: String] {
        let all: JSONValue = ["mcpServers": Self.servers(entries)]
        try write(all.description, to: "\(home)/.claude.json")
        return try await states(environment: environment)
    }

    /// What `mcp list` says of a server that it reached.
    package static let connected = "✔ Connected"

    private static func servers(_ entries: [Entry]) -> JSONValue {
        .object(JSONObject(entries.map { JSONObject.Member(key: $0.name, value: $0.value) }))
    }

    private func write(_ text: String, to path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else { throw TestFailure("writing \(path)") }
    }

    // MARK: Sessions

    /// What the stand-in for the model answers.
    package enum Step: Sendable {
        /// - Parameter wait: a file; the step is held until it is there.
        case call(_ tool: String, _ input: JSONValue, wait: String? = nil)
        case say(String)

        var value: JSONValue {
            switch self {
            case .call(let tool, let input, let wait?): ["tool": .string(tool), "input": input, "wait": .string(wait)]
            case .call(let tool, let input, nil): ["tool": .string(tool), "input": input]
            case .say(let text): ["text": .string(text)]
            }
        }

        var tool: String? { if case .call(let tool, _, _) = self { tool } else { nil } }
    }

    /// What Claude Code sent back to the model for a tool use.
    package struct ToolResult: Sendable {
        package let step: Int
        package let isError: Bool
        package let text: String
    }

    /// A running `claude -p`.
    package struct Session: Sendable {
        package let process: ChildProcess
        private let log: String
        private let requestLog: String

        init(process: ChildProcess, log: String, requestLog: String) {
            self.process = process
            self.log = log
            self.requestLog = requestLog
        }

        /// What the model was asked, request by request, each as one line of JSON.
        package func requests() -> [String] {
            String(decoding: Scratch.bytes(at: requestLog), as: UTF8.self).split(separator: "\n").map(String.init)
        }

        /// The results so far, in the order of the steps.
        package func results() throws -> [ToolResult] {
            try String(decoding: Scratch.bytes(at: log), as: UTF8.self).split(separator: "\n").map { line in
                let value = try JSONReader().read(String(line))
                return ToolResult(
                    step: Int(value["step"]?.integer ?? -1), isError: value["isError"]?.bool ?? true, text: value["text"]?.string ?? "")
            }
        }

        /// All results, once it has ended by itself.
        package func finish(within timeout: Duration = .seconds(90)) async throws -> [ToolResult] {
            let status = try await process.exit(within: timeout)
            guard status == .code(0) else {
                throw TestFailure("claude -p ended with \(status): \(process.errorText.suffix(1000)) \(process.outputText.suffix(1000))")
            }
            return try results()
        }
    }

    /// Starts `claude -p` with `entries` as its only servers, and the model's side played by `steps`.
    ///
    /// - Parameter arguments: what else is on the command line, such as `--resume`.
    package func session(
        _ entries: [Entry], _ steps: [Step], prompt: String = "Look it up.", arguments: [String] = [], environment: [String: String] = [:]
    ) throws -> Session {
        let name = UUID().uuidString
        let script = "\(home)/\(name)-script.json"
        let log = "\(home)/\(name)-results.jsonl"
        let configuration = "\(home)/\(name)-mcp.json"
        let requests = "\(home)/\(name)-requests.jsonl"
        try write(JSONValue.array(steps.map(\.value)).description, to: script)
        try write((["mcpServers": Self.servers(entries)] as JSONValue).description, to: configuration)
        let command =
            [Components.systemPython ?? "python3", "\(Components.package)/Tests/Interop/model_api.py", script, log, try Self.path()]
            + ["-p", prompt, "--mcp-config", configuration, "--strict-mcp-config"]
            + ["--allowedTools", Set(steps.compactMap(\.tool)).sorted().joined(separator: ",")] + arguments
        let process = try started(command, environment.merging(["MODEL_API_REQUESTS": requests]) { $1 })
        return Session(process: process, log: log, requestLog: requests)
    }
}
