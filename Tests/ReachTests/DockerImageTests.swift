import BinaryTesting
import FoundationEssentials
import ReachTesting
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The image that deploy/Dockerfile makes, by itself.
@Suite(
    "The image", .enabled(if: Components.magenta != nil, "no magenta binary"), .enabled(Needs.docker) { await DockerEngine.isRunning })
struct DockerImageTests {
    @Test("Runs on a read-only root file system without privileges, as any user, and its HEALTHCHECK finds it healthy", arguments: [1000, 4321])
    func unprivileged(user: Int) async throws {
        try await Scratch.with { scratch in
            let engine = try await DockerEngine.shared()
            let image = try await engine.images.magenta(engine)
            let transcripts = try SampleMemory.write(in: scratch)
            let asUser = user == 1000 ? [] : ["--user", "\(user):\(user)"]
            try await engine.withContainer(
                image, name: "image-\(user)", network: "bridge",
                ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "-e", "MAGENTA_NO_AUTH=true"]
                    + ["-v", "\(transcripts):/transcripts:ro"] + asUser
            ) { container in
                try await container.healthy()
                let health = try await container.inspect("{{range .State.Health.Log}}{{.ExitCode}} {{.Output}}{{end}}")
                #expect(health.contains("ipv4: reachable"), "\(health)")
                try await container.remembers()
                // The place to mount at is the engine's doing; whatever else is there, magenta wrote outside of /data.
                #expect(try await engine.docker(["diff", container.name]) == "A /transcripts")

                let data = try await container.inspect(#"{{range .Mounts}}{{if eq .Destination "/data"}}{{.Source}}{{end}}{{end}}"#)
                let files = try FileManager.default.contentsOfDirectory(atPath: data)
                #expect(files.contains("memory.sqlite"))
                for file in files {
                    var status = stat()
                    #expect(lstat("\(data)/\(file)", &status) == 0)
                    #expect(Int(status.st_uid) == user && status.st_mode & 0o077 == 0, "\(file) is open to others")
                }
            }
        }
    }

    @Test("Has no default password: without a token it says what to do, and does not serve")
    func noToken() async throws {
        let engine = try await DockerEngine.shared()
        let image = try await engine.images.magenta(engine)
        let process = try engine.start(["run", "--rm", "--network", "none", image])
        let status = try await process.exit(within: .seconds(30))
        #expect(status == .code(1) || status == .code(64), "\(status)")
        #expect(process.errorText.contains("--token-file"), "\(process.errorText)")
    }
}
