import BinaryTesting
import Testing

#if os(Linux)
    /// `magenta connect claude-code --service`, in a scratch home and without the machine's own systemd.
    @Suite("Starting at login", .enabled(if: Components.magenta != nil, "no magenta binary"))
    struct LoginServiceTests {
        private static let unit = "home/.config/systemd/user/magenta.service"

        /// Runs it with a `systemctl` that writes down how it is called and ends with `code`.
        private static func run(_ arguments: [String], _ scratch: Scratch, systemctl code: Int = 0) async throws -> ChildProcess {
            try scratch.write("#!/bin/sh\necho \"$@\" >>\"$HOME/calls\"\nexit \(code)\n", to: "bin/systemctl")
            let binary = try #require(Components.magenta)
            let allow = try ChildProcess(["/bin/chmod", "755", scratch.path("bin/systemctl")], environment: [:], in: scratch)
            try await allow.exit()
            var environment = try Magenta.environment(in: scratch)
            environment["PATH"] = scratch.path("bin")
            let process = try ChildProcess([binary, "connect", "claude-code"] + arguments, environment: environment, in: scratch)
            try await process.exit()
            return process
        }

        private static func text(_ scratch: Scratch, _ name: String) -> String {
            String(decoding: Scratch.bytes(at: scratch.path(name)), as: UTF8.self)
        }

        @Test("writes a unit, starts it, and takes both away again")
        func roundTrip() async throws {
            try await Scratch.with { scratch in
                let made = try await Self.run(["--service"], scratch)
                #expect(made.exitStatus == .code(0) && made.errorText.contains("wrote \(scratch.path(Self.unit))"))
                #expect(made.outputText.contains("claude mcp add -t http"))
                #expect(Self.text(scratch, Self.unit).contains("Type=notify\nExecStart=\"/"))
                #expect(Self.text(scratch, "home/calls") == "--user daemon-reload\n--user enable --now magenta.service\n")
                // Twice is as good as once.
                #expect(try await Self.run(["--service"], scratch).exitStatus == .code(0))

                let removed = try await Self.run(["--remove-service"], scratch)
                #expect(removed.exitStatus == .code(0) && !Scratch.isFile(scratch.path(Self.unit)))
                #expect(Self.text(scratch, "home/calls").hasSuffix("--user disable --now magenta.service\n"))
                let again = try await Self.run(["--remove-service"], scratch)
                #expect(again.exitStatus == .code(0) && again.errorText.contains("nothing starts at login"))
            }
        }

        @Test("says the command where no service manager answers")
        func withoutManager() async throws {
            try await Scratch.with { scratch in
                let made = try await Self.run(["--service"], scratch, systemctl: 1)
                #expect(made.exitStatus == .code(0) && Scratch.isFile(scratch.path(Self.unit)))
                #expect(made.errorText.contains("systemctl --user daemon-reload && systemctl --user enable --now magenta.service"))
            }
        }

        @Test("leaves a unit alone that somebody else wrote", arguments: ["--service", "--remove-service"])
        func foreign(flag: String) async throws {
            try await Scratch.with { scratch in
                try scratch.write("[Service]\nExecStart=/bin/true\n", to: Self.unit)
                let process = try await Self.run([flag], scratch)
                #expect(process.exitStatus == .code(64) && process.errorText.contains("was not written by magenta"))
                #expect(Self.text(scratch, Self.unit) == "[Service]\nExecStart=/bin/true\n")
                #expect(!Scratch.isFile(scratch.path("home/calls")))
            }
        }

        @Test("writes a unit that systemd takes", .enabled(if: Components.systemdAnalyze != nil, "no systemd-analyze on PATH"))
        func verified() async throws {
            try await Scratch.with { scratch in
                #expect(try await Self.run(["--service"], scratch).exitStatus == .code(0))
                let program = try #require(Components.systemdAnalyze)
                var environment = try Magenta.environment(in: scratch)
                environment["XDG_RUNTIME_DIR"] = try scratch.folder("run")
                let verify = try ChildProcess([program, "--user", "verify", scratch.path(Self.unit)], environment: environment, in: scratch)
                #expect(try await verify.exit() == .code(0), "\(verify.errorText)")
                #expect(verify.errorText == "")
            }
        }
    }
#endif
