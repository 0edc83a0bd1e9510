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

/// A watch that is killed, starved and crowded, through the binary: nothing is lost and nothing stands twice.
@Suite("Capture in trouble", .enabled(if: Components.magenta != nil && Components.python != nil, "no magenta binary, or no python3"))
struct CaptureTroubleTests {
    @Test(
        "Writers and watchers that are killed at random lose no line: docs/capture.md",
        arguments: [(rounds: 8, seed: 1), (24, Int.random(in: 2..<1 << 31))])
    func killed(rounds: Int, seed: Int) async throws {
        try await Scratch.with { scratch in
            let report = try await interop(
                ["kill_watch.py", try #require(Components.magenta), "--rounds", "\(rounds)", "--seed", "\(seed)"], scratch, within: .seconds(180))
            print("counted: \(report.replacing("\n", with: "; "))")
            #expect(report.contains(" 0 problems"))
        }
    }

    @Test(
        "A generated corpus that is written while it is watched agrees with its manifest, at any seed",
        .enabled(if: Components.generator != nil, "no generator: MAGENTA_SHARED names the folder that holds tools/"))
    func generated() async throws {
        try await Scratch.with { scratch in
            let (corpus, seed) = try await Corpus.generateAtRandom(megabytes: 3, in: scratch)
            print("counted: the corpus that is written while it is watched has seed \(seed)")
            let folder = try scratch.folder("live")
            let store = scratch.path("memory.sqlite")
            try await Magenta.serving(["--store", store, "--transcripts", folder], in: scratch) { server in
                _ = try await interop(["write_transcripts.py", "replay", corpus.folder, folder, "\(seed)"], scratch)
                let lines = corpus.manifest["lines"]?.integer ?? 0
                let state = try await health(server, within: .seconds(60)) { $0["import"]?["lines"]?.integer ?? 0 >= lines && isIdle($0) }
                #expect(lines > 0 && state["import"]?["lines"]?.integer == lines, "seed \(seed)")
                #expect(
                    state["import"]?["refused"]?.integer == corpus.refusedLines, "seed \(seed)")
            }
            let whole = try ImportCounts(
                try await Magenta.json(["import", corpus.folder, "--store", scratch.path("whole.sqlite")], in: scratch))
            let rest = try ImportCounts(try await Magenta.json(["import", folder, "--store", store], in: scratch))
            #expect(rest.lines == 0 && rest.messages == whole.messages && rest.windows == whole.windows, "seed \(seed)")
            for needle in corpus.needles {
                let found = try await Magenta.json(["search", needle.word, "--store", store], in: scratch)
                #expect(found.messageIDs?.contains(needle.id) == true, "\(needle), seed \(seed)")
            }
        }
    }

    @Test("32 files that are written at once arrive whole, beside three more processes on the store")
    func crowd() async throws {
        try await Scratch.with { scratch in
            let folder = try scratch.folder("live")
            let store = scratch.path("memory.sqlite")
            let arguments = ["--store", store, "--transcripts", folder]
            try await Magenta.serving(arguments, in: scratch) { server in
                _ = try await health(server) { $0["store"]?["capturing"]?.bool == true }
                let readers = try (0..<3).map { _ in try Magenta.start(["stdio"] + arguments, in: scratch, hasInput: true) }
                let start = ContinuousClock.now
                let written = Int64(try await interop(["write_transcripts.py", "many", folder, "32", "200"], scratch).dropLast())
                let wrote = start.duration(to: .now)
                // The counts follow a moment behind the commit.
                let state = try await health(server, within: .seconds(60)) {
                    $0["store"]?["messages"]?.integer == written && $0["import"]?["stored"]?.integer == written
                }
                print("counted: 32 processes wrote \(written ?? 0) lines in \(wrote), all stored after \(start.duration(to: .now))")
                #expect(state["import"]?["failure"]?.isNull == true)
                for reader in readers {
                    reader.closeInput()
                    #expect(try await reader.exit(within: .seconds(20)) == .code(0))
                    #expect(!reader.errorText.contains("error"), "\(reader.errorText)")
                }
            }
            for word in ["writer-0-line-0", "writer-17-line-100", "writer-31-line-199"] {
                let found = try await Magenta.json(["search", word, "--store", store], in: scratch)
                #expect(found["messages"]?.array?.first?["text"]?.string == word)
            }
        }
    }

    @Test("While another program holds the store, that is told, and then everything arrives")
    func locked() async throws {
        try await Scratch.with { scratch in
            let store = scratch.path("memory.sqlite")
            let file = try scratch.write(Transcript.zoo.text, to: "home/.claude/projects/-home-dev-zoo/\(Transcript.session).jsonl")
            try await Magenta.serving(["--store", store], in: scratch) { server in
                _ = try await health(server) { $0["store"]?["messages"]?.integer == 3 }
                let holder = try ChildProcess(
                    [try #require(Components.python), "\(Components.package)/Tests/Interop/hold_store.py", store], environment: [:], in: scratch,
                    hasInput: true)
                _ = try await eventually(within: .seconds(20), "the lock") { holder.outputText == "held\n" ? true : nil }
                var more = Transcript.zoo
                more.prompt(4, "And a quagga?")
                try append(more.lines[3] + "\n", to: file)
                let state = try await health(server) { $0["import"]?["failure"]?.string != nil }
                #expect(state["import"]?["failure"]?.string?.contains("another process holds the store") == true)
                let finding = state["capture"]?["findings"]?.array?.first
                #expect(state["capture"]?["current"] == false && finding?["text"]?.string?.contains("the store takes nothing: ") == true)
                #expect(state["store"]?["messages"]?.integer == 3)
                holder.closeInput()
                // The line is stored a moment before the watch hears that it is.
                _ = try await health(server) { $0["store"]?["messages"]?.integer == 4 && $0["import"]?["failure"]?.isNull == true }
                // Once, however often it was tried.
                let errors = server.process.errorText.split(separator: "\n").count { $0.contains("could not be stored") }
                #expect(errors == 1)
            }
        }
    }

    @Test("On a full disk nothing is lost, and with room again everything arrives", .enabled(if: Namespace.isAvailable, "no mount namespaces"))
    func fullDisk() async throws {
        try await Scratch.with { scratch in
            // Its file system is seen by the process alone, and by whoever looks through /proc.
            let disk = try scratch.folder("disk")
            let setUp = "mount -t tmpfs -o size=16m tmpfs \(disk) && head -c 15M /dev/zero > \(disk)/ballast"
            let folder = try scratch.folder("live")
            let process = try Namespace.start(
                setUp, ["serve", "--listen", "localhost:0", "--store", "\(disk)/memory.sqlite", "--transcripts", folder], in: scratch)
            defer { process.send(SIGKILL) }
            let server = Server(process: process, port: try await Magenta.ready(process))
            let written = Int64(try await interop(["write_transcripts.py", "many", folder, "4", "1000"], scratch).dropLast())
            let state = try await health(server) { $0["import"]?["failure"]?.string != nil }
            #expect(state["import"]?["failure"]?.string?.contains("the disk is full") == true, "\(state)")
            let finding = state["capture"]?["findings"]?.array?.first
            #expect(finding?["level"] == "warning" && finding?["text"]?.string?.contains("the disk is full") == true, "\(state)")
            #expect(state["store"]?["messages"]?.integer ?? .max < written ?? 0)
            #expect(unlink("/proc/\(process.pid)/root\(disk)/ballast") == 0)
            _ = try await health(server, within: .seconds(90)) {
                $0["store"]?["messages"]?.integer == written && $0["import"]?["failure"]?.isNull == true
            }
            try await server.stop()
        }
    }

    @Test("A store on a disk that cannot be written is refused in a sentence", .enabled(if: Namespace.isAvailable, "no mount namespaces"))
    func readOnly() async throws {
        try await withZoo { scratch, store in
            let disk = try scratch.folder("disk")
            let setUp = "cp \(store) \(disk)/memory.sqlite && mount --bind \(disk) \(disk) && mount -o remount,ro,bind \(disk)"
            let process = try Namespace.start(
                setUp, ["serve", "--listen", "localhost:0", "--store", "\(disk)/memory.sqlite", "--transcripts", scratch.path("transcripts")],
                in: scratch)
            #expect(try await process.exit(within: .seconds(30)) == .code(1))
            #expect(process.errorText.contains("cannot open the store"), "\(process.errorText)")
            #expect(process.errorText.contains("cannot be written") || process.errorText.lowercased().contains("read-only"), "\(process.errorText)")
        }
    }

    private func isIdle(_ state: JSONValue) -> Bool { state["import"]?["running"]?.bool == false }

    private func interop(_ arguments: [String], _ scratch: Scratch, within timeout: Duration = .seconds(120)) async throws -> String {
        let python = try #require(Components.python)
        let process = try ChildProcess(
            [python, "\(Components.package)/Tests/Interop/\(arguments[0])"] + arguments.dropFirst(), environment: [:], in: scratch)
        let status = try await process.exit(within: timeout)
        guard status == .code(0) else {
            throw TestFailure("\(arguments.joined(separator: " ")) ended with \(status): \(process.outputText)\(process.errorText.suffix(2000))")
        }
        return process.outputText
    }

    private func health(_ server: Server, within timeout: Duration = .seconds(30), _ isSo: (JSONValue) -> Bool) async throws -> JSONValue {
        try await serverHealth(server, within: timeout, isSo)
    }
}

/// `magenta` among mounts that nobody else sees.
enum Namespace {
    static let isAvailable: Bool = {
        guard let unshare = Components.program("unshare"), let scratch = try? Scratch.lasting() else { return false }
        defer { try? FileManager.default.removeItem(atPath: scratch.root) }
        guard
            let process = try? ChildProcess([unshare] + flags + ["sh", "-c", "mount -t tmpfs tmpfs \(scratch.root)"], environment: path, in: scratch)
        else { return false }
        while process.exitStatus == nil { sched_yield() }
        return process.exitStatus == .code(0)
    }()

    private static let path = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    private static let flags = getuid() == 0 ? ["-m"] : ["-r", "-m"]

    /// - Parameter setUp: shell commands that run before it, among the same mounts.
    static func start(_ setUp: String, _ arguments: [String], in scratch: Scratch) throws -> ChildProcess {
        guard let unshare = Components.program("unshare"), let magenta = Components.magenta else { throw TestFailure("no unshare, or no magenta") }
        let environment = try Magenta.environment(in: scratch).merging(path) { $1 }
        return try ChildProcess(
            [unshare] + flags + ["sh", "-c", "\(setUp) && exec \"$0\" \"$@\"", magenta] + arguments, environment: environment, in: scratch)
    }
}

/// `/health` as soon as it is so.
func serverHealth(_ server: Server, within timeout: Duration = .seconds(30), _ isSo: (JSONValue) -> Bool) async throws -> JSONValue {
    var last: JSONValue?
    do {
        return try await eventually(within: timeout, "/health") { () -> JSONValue? in
            let value = try await exchange(HTTPCall("GET", "/health"), "127.0.0.1", server.port).message()
            last = value
            return isSo(value) ? value : Optional.none
        }
    } catch { throw TestFailure("\(error), which says \(last?.description ?? "nothing")\n\(server.process.errorText.suffix(3000))") }
}
