package import BinaryTesting
import FoundationEssentials

/// The images of the tests. No registry can be reached, so whatever others would pull is made of this machine's own files.
package actor DockerImages {
    private let scratch: Scratch
    private var made: [String: Task<String, any Error>] = [:]

    init(scratch: Scratch) {
        self.scratch = scratch
    }

    /// Has this machine's programs, when it is run with ``hostOptions(_:)``: a place for clients.
    package func host(_ engine: DockerEngine) async throws -> String {
        try await once("host") { [scratch] in
            let root = try scratch.folder("host-root")
            let script = """
                set -eu
                cd \(root)
                mkdir -p etc tmp root proc sys dev usr opt var/tmp run
                chmod 1777 tmp var/tmp
                for name in bin sbin lib lib64; do ln -sfn usr/$name $name; done
                cp -a /etc/ld.so.conf /etc/ld.so.conf.d /etc/ld.so.cache /etc/alternatives etc/
                echo 'root:x:0:0:root:/root:/bin/sh' > etc/passwd
                echo 'hosts: files dns' > etc/nsswitch.conf
                echo 'multi on' > etc/host.conf
                tar c . | docker import - magenta-test-host >/dev/null
                """
            try await engine.docker(["-c", script], program: "sh", within: .seconds(60))
            return "magenta-test-host"
        }
    }

    /// What gives the host image this machine's programs, and the scratch folders of the tests by their own path.
    package static func hostOptions(_ scratch: Scratch) -> [String] {
        var folders = ["/usr", "/opt"]
        // Python's virtual environments point at an interpreter that may lie elsewhere.
        if let python = Components.pythonSDK(2) {
            let interpreter = URL(filePath: python).resolvingSymlinksInPath()
            folders.append(interpreter.deletingLastPathComponent().deletingLastPathComponent().path)
        }
        folders.append(Components.package)
        folders = folders.filter { FileManager.default.fileExists(atPath: $0) && ($0 == "/usr" || !$0.hasPrefix("/usr/")) }
        return folders.flatMap { ["-v", "\($0):\($0):ro"] } + ["-v", "\(scratch.root):\(scratch.root)"]
    }

    /// Built from deploy/Dockerfile itself.
    package func magenta(_ engine: DockerEngine) async throws -> String {
        try await once("magenta") { [scratch] in
            guard let binary = Components.magenta else { throw TestFailure("no magenta binary beside the tests") }
            let standIns = "\(Components.package)/Tests/Interop/base-images.sh"
            try await engine.docker([standIns, try scratch.folder("base-images"), binary], program: "sh", within: .seconds(120))
            let context = Components.package
            try await engine.docker(
                ["build", "-q", "-t", "magenta", "-f", "\(context)/deploy/Dockerfile", context], within: .seconds(180))
            return "magenta"
        }
    }

    private func once(_ name: String, _ make: @escaping @Sendable () async throws -> String) async throws -> String {
        if let task = made[name] { return try await task.value }
        let task = Task { try await make() }
        made[name] = task
        return try await task.value
    }
}
