import BinaryTesting
import FoundationEssentials
import ReachTesting
import Testing

/// What can be said of the manifests in deploy/ without running them; a cluster for Kubernetes' there is none.
@Suite("Manifests")
struct ManifestTests {
    static let python = Components.manifestPython
    static let noPython: Comment = "no kubernetes-validate: scripts/bootstrap --tests installs it"

    @Test("Kubernetes' own schemas know every field of the manifests", .enabled(if: python != nil, noPython))
    func schemas() async throws {
        let python = try #require(Self.python)
        let report = try await run([python, "-m", "kubernetes_validate", "--strict", Self.deploy("kubernetes/magenta.yaml")])
        #expect(report.split(separator: "\n").filter { $0.contains(" passed ") }.count == 3, "\(report)")
    }

    @Test("In Kubernetes it is dual-stack, probed by /health, not root, and has its token from a Secret", .enabled(if: python != nil, noPython))
    func kubernetes() async throws {
        try await check(["kubernetes", Self.deploy("kubernetes/magenta.yaml")])
    }

    @Test("The variants of compose.yaml differ from it only in how the server is reached", .enabled(if: python != nil, noPython))
    func compose() async throws {
        try await check(["compose"] + ["compose.yaml", "compose.ipv4.yaml", "compose.host.yaml"].map(Self.deploy))
    }

    @Test(
        "systemd takes the units as they are, and finds little that the service may do",
        .enabled(if: Components.program("systemd-analyze") != nil, "no systemd-analyze: scripts/bootstrap --tests installs it"),
        .enabled(if: Components.magenta != nil, "no magenta binary"))
    func units() async throws {
        try await Scratch.with { scratch in
            var units: [String] = []
            for name in ["magenta@.service", "magenta@.socket"] {
                let text = String(decoding: Scratch.bytes(at: Self.deploy("systemd/\(name)")), as: UTF8.self)
                #expect(text.contains("\n[Install]\n"), "\(name)")
                // systemd-analyze wants the program to be there.
                units.append(try scratch.write(text.replacing("/usr/local/bin/magenta", with: Components.magenta ?? ""), to: name))
            }
            let report = try await run(["systemd-analyze", "verify", "--man=no"] + units)
            #expect(report.isEmpty)
            // 20 stands for an exposure of 2.0 of 10.
            _ = try await run(["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", units[0]])
        }
    }

    private func check(_ arguments: [String]) async throws {
        _ = try await run([try #require(Self.python), "\(Components.package)/Tests/Interop/check_manifests.py"] + arguments)
    }

    /// Runs a program that must end well, and gives what it wrote.
    private func run(_ arguments: [String]) async throws -> String {
        try await Scratch.with { scratch in
            let program = arguments[0].contains("/") ? arguments[0] : try #require(Components.program(arguments[0]))
            let process = try ChildProcess(
                [program] + arguments.dropFirst(), environment: ["PATH": "/usr/bin:/bin", "HOME": scratch.root], in: scratch)
            let status = try await process.exit(within: .seconds(60))
            let report = process.errorText + process.outputText
            #expect(status == .code(0), "\(report)")
            return report
        }
    }

    private static func deploy(_ name: String) -> String { "\(Components.package)/deploy/\(name)" }
}
