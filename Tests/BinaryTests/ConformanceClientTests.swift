import BinaryTesting
import FoundationEssentials
import JSON
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Clients that others wrote, against conformance-server: every feature that a client has, over every transport that it has, on both
/// loopback addresses. The scripts in Tests/Interop check; each of their checks is an expectation here.
@Suite("Clients of others and every feature", .enabled(if: ConformanceServer.binary != nil, "no conformance-server binary"))
struct ConformanceClientTests {
    @Test(
        "The official Python SDK 1.x uses every feature of 2025-11-25, and what older revisions have",
        .enabled(if: Components.pythonSDK(1) != nil, "no Python SDK 1.x: scripts/bootstrap --tests installs it"),
        arguments: [Client.http, .sse])
    func python1(_ client: Client) async throws { try await check(client, "client_mcp1.py", Components.pythonSDK(1)) }

    @Test(
        "The official Python SDK 2.x uses every feature of 2025-11-25 and 2026-07-28",
        .enabled(if: Components.pythonSDK(2) != nil, "no Python SDK 2.x: scripts/bootstrap --tests installs it"),
        arguments: [Client.http, .sse, .stateless])
    func python2(_ client: Client) async throws { try await check(client, "client_mcp2.py", Components.pythonSDK(2)) }

    @Test(
        "FastMCP uses every feature of 2025-11-25 and 2026-07-28",
        .enabled(if: ConformanceServer.fastMCP != nil, "no FastMCP: scripts/bootstrap --tests installs it"),
        arguments: [Client.http, .sse, .stateless])
    func fastMCP(_ client: Client) async throws { try await check(client, "client_fastmcp.py", ConformanceServer.fastMCP) }

    /// What a script is to be, as it names it.
    enum Client: String, CustomTestStringConvertible {
        /// Streamable HTTP with a session.
        case http
        /// HTTP+SSE.
        case sse
        /// Streamable HTTP of 2026-07-28.
        case stateless

        /// Every transport is served on every path, so the two addresses show two paths.
        var paths: [String] { self == .sse ? ["/sse", "/mcp"] : ["/mcp", "/"] }
        var testDescription: String { rawValue }
    }

    private func check(_ client: Client, _ script: String, _ python: String?) async throws {
        let python = try #require(python)
        try await Scratch.with { scratch in
            try await ConformanceServer.serving(in: scratch) { port in
                let hosts = [Loopback.ipv4, .ipv6].filter(Loopback.all.contains)
                let urls = zip(hosts, client.paths).map { "http://\($0.inURL):\(port)\($1)" }
                let process = try ChildProcess(
                    [python, "-B", "\(Components.package)/Tests/Interop/\(script)", client.rawValue] + urls,
                    environment: ["HOME": try scratch.folder("home")], in: scratch)
                let status = try await process.exit(within: .seconds(300))
                let checks = try process.outputText.split(separator: "\n").map { try JSONReader().read(String($0)) }
                #expect(status == .code(0), "the script said: \(process.errorText.suffix(2000))")
                #expect(checks.count >= 30 * urls.count, "the script said: \(process.errorText.suffix(2000))")
                for check in checks {
                    let name = check["check"]?.string ?? check.description
                    #expect(check["ok"] == true, "\(name): \(check["detail"]?.string ?? "")")
                }
            }
        }
    }
}

/// The fixture server, run with an empty environment but for a home of its own.
enum ConformanceServer {
    /// Beside the test bundle, or named by `CONFORMANCE_SERVER`; else `nil`.
    static let binary: String? = {
        let runner = ProcessInfo.processInfo.arguments.first.map { URL(filePath: $0).deletingLastPathComponent().path }
        return [
            ProcessInfo.processInfo.environment["CONFORMANCE_SERVER"],
            runner.map { "\($0)/conformance-server" },
            "\(Components.package)/.build/debug/conformance-server",
        ].compactMap { $0 }.first(where: FileManager.default.isExecutableFile)
    }()

    /// The Python that has the newest FastMCP; scripts/bootstrap installs it.
    static let fastMCP: String? = {
        let place = "\(Components.package)/.cache/python/fastmcp"
        let libraries = (try? FileManager.default.contentsOfDirectory(atPath: "\(place)/lib")) ?? []
        return libraries.contains { FileManager.default.fileExists(atPath: "\(place)/lib/\($0)/site-packages/fastmcp") }
            ? "\(place)/bin/python" : nil
    }()

    /// Runs the server on both loopback addresses while `body` runs, then stops it by SIGTERM and expects exit code 0.
    static func serving(in scratch: Scratch, _ body: (Int) async throws -> Void) async throws {
        let binary = try #require(binary)
        let process = try ChildProcess([binary, "--port", "0"], environment: ["HOME": try scratch.folder("server")], in: scratch)
        do {
            let port = try await eventually(within: .seconds(30), "conformance-server to serve") {
                if let status = process.exitStatus { throw TestFailure("conformance-server ended with \(status) before it was ready") }
                return process.outputText.firstMatch(of: /127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) }
            }
            try await body(port)
            process.send(SIGTERM)
            let status = try await process.exit(within: .seconds(20))
            #expect(status == .code(0), "after SIGTERM")
        } catch {
            process.send(SIGKILL)
            throw TestFailure("\(error)\nthe server's log ends:\n\(process.errorText.suffix(3000))")
        }
    }
}
