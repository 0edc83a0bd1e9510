import BinaryTesting
import FoundationEssentials
import ReachTesting
import Testing

/// The units of deploy/systemd under a real systemd, which is process 1 of a container.
@Suite(
    "systemd", .enabled(if: Components.magenta != nil, "no magenta binary"),
    .enabled(if: SystemdContainer.missing == nil, Comment(rawValue: SystemdContainer.missing ?? "")),
    .enabled(Needs.docker) { await DockerEngine.isRunning })
struct SystemdTests {
    @Test("Starts magenta confined, as its user and with the token, and refuses no client while it is restarted")
    func units() async throws {
        try await Scratch.with { scratch in
            try await SystemdContainer.with(in: scratch) { systemd in
                try await eventually(within: .seconds(30), "magenta to tell systemd that it is ready") {
                    try await systemd.state() == "active" ? () : nil
                }
                for address in ["127.0.0.1", "[::1]"] {
                    let health = try await systemd.container.output(of: ["curl", "-gfsS", "-m", "10", "http://\(address):8000/health"])
                    #expect(health.contains("magenta-memory"), "\(health)")
                }
                #expect(try await systemd.status() == ["Uid": "1000", "NoNewPrivs": "1", "CapEff": "0000000000000000", "Seccomp": "2"])

                try await eventually(within: .seconds(20), "the import") {
                    try await systemd.search(with: systemd.token).contains(SampleMemory.messageID) ? () : nil
                }
                #expect(try await systemd.search(with: UUID().uuidString).contains("401"), "a wrong token")

                let lost = try await systemd.lostOverRestart()
                let log = try await systemd.log()
                #expect(lost == "", "\(log)")
                #expect(log.matches(of: /listening/).count >= 4, "two starts on two sockets: \(log)")
                #expect(log.split(separator: "\n").allSatisfy { $0.contains(" info ") || $0.contains(" notice ") }, "\(log)")
            }
        }
    }
}

private struct SystemdContainer {
    let container: DockerContainer
    let token: String
    let scratch: Scratch

    /// What this machine lacks for it; `nil` where nothing is missing.
    static let missing: String? =
        FileManager.default.isExecutableFile(atPath: "/usr/lib/systemd/systemd")
        ? nil : "no systemd: scripts/bootstrap --tests installs it"

    private static let unit = "magenta@alice"

    static func with(in scratch: Scratch, _ body: (SystemdContainer) async throws -> Void) async throws {
        let engine = try await DockerEngine.shared()
        let token = UUID().uuidString
        try scratch.write("root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n", to: "passwd")
        try scratch.write("root:x:0:\nalice:x:1000:\nnogroup:x:65534:\n", to: "group")
        try scratch.write("\(token)\n", to: "magenta/alice.token")
        _ = try SampleMemory.write(in: scratch)
        try scratch.folder("alice/.claude")
        try FileManager.default.moveItem(atPath: scratch.path("transcripts"), toPath: scratch.path("alice/.claude/projects"))
        try await engine.docker(["-R", "1000:1000", scratch.path("alice")], program: "chown")
        try await engine.docker(["-R", "go=", scratch.path("alice"), scratch.path("magenta")], program: "chmod")
        for name in ["magenta@.service", "magenta@.socket"] {
            let text = String(decoding: Scratch.bytes(at: "\(Components.package)/deploy/systemd/\(name)"), as: UTF8.self)
            try scratch.write(text.replacing("/usr/local/bin/magenta", with: "/srv/magenta/magenta"), to: "units/\(name)")
        }
        // A copy, at a place that PrivateTmp does not hide wherever this package lies.
        try FileManager.default.copyItem(atPath: Components.magenta ?? "", toPath: "\(try scratch.folder("srv"))/magenta")
        // No journal runs in the container, so the log goes to a file.
        try scratch.write("[Service]\nStandardError=append:/var/log/magenta\n", to: "units/magenta@.service.d/log.conf")
        try scratch.write("[Unit]\nRequires=\(unit).socket \(unit).service\n", to: "units/magenta-test.target")

        let files = [
            "units:/etc/systemd/system", "passwd:/etc/passwd", "group:/etc/group", "magenta:/etc/magenta", "alice:/home/alice", "srv:/srv/magenta",
        ]
        // Where systemd is process 1 of a machine, mounts are shared; it hands credentials over by one.
        let start = "mkdir -p /var/log; mount --make-rshared /; exec /usr/lib/systemd/systemd --unit=magenta-test.target"
        try await engine.withNetwork(.dualStack) { network in
            try await engine.withContainer(
                try await engine.images.host(engine), name: "systemd-\(scratch.root.suffix(8).lowercased())", network: network,
                ["--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined", "-e", "container=docker"]
                    + ["--tmpfs", "/run", "--tmpfs", "/tmp", "-v", "/sys/fs/cgroup:/sys/fs/cgroup"]
                    + files.flatMap { ["-v", "\(scratch.root)/\($0)"] } + DockerImages.hostOptions(scratch),
                command: ["/bin/sh", "-c", start]
            ) { try await body(SystemdContainer(container: $0, token: token, scratch: scratch)) }
        }
    }

    func state() async throws -> String {
        // While systemd itself starts, it cannot be asked.
        let asked = try? await container.output(of: ["systemctl", "is-active", "\(Self.unit).service"], within: .seconds(10))
        return asked?.filter { !$0.isWhitespace } ?? ""
    }

    /// Some of what the kernel says of the process; of `Uid`, the effective one.
    func status() async throws -> [String: String] {
        let pid = try await container.output(of: ["systemctl", "show", "-p", "MainPID", "--value", "\(Self.unit).service"]).filter(\.isNumber)
        var status: [String: String] = [:]
        for line in try await container.output(of: ["cat", "/proc/\(pid)/status"]).split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == ":" || $0 == "\t" }).map(String.init)
            if ["Uid", "NoNewPrivs", "CapEff", "Seccomp"].contains(words[0]) { status[words[0]] = words[words[0] == "Uid" ? 2 : 1] }
        }
        return status
    }

    /// What curl printed, errors too.
    func search(with token: String) async throws -> String {
        let script = "\(Components.package)/Tests/Interop/curl.sh"
        let process = try container.start(
            ["/bin/sh", script, "http", "http://127.0.0.1:8000/mcp", "Authorization: Bearer \(token)"], [:], in: scratch)
        try await process.exit(within: .seconds(30))
        return process.outputText + process.errorText
    }

    /// Calls a tool thirty times, one call after the other, while the service is restarted; gives what came where the answer did not.
    func lostOverRestart() async throws -> String {
        let call = "sh \(Components.package)/Tests/Interop/curl.sh http http://127.0.0.1:8000/mcp 'Authorization: Bearer \(token)' 2>&1"
        let script = """
            systemctl restart \(Self.unit).service &
            for request in $(seq 30); do
                answer=$(\(call))
                case "$answer" in *\(SampleMemory.messageID)*) ;; *) echo "$request: $answer" ;; esac
            done
            wait
            """
        return try await container.output(of: ["/bin/sh", "-c", script])
    }

    func log() async throws -> String { try await container.output(of: ["cat", "/var/log/magenta"]) }
}
