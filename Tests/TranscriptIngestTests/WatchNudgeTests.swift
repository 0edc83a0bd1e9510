import BinaryTesting
import Testing

@testable import TranscriptIngest

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What an agent's hook says has changed, where neither the kernel nor a rescan has said so.
@Suite("Nudges of a watch")
struct WatchNudgeTests {
    @Test("A nudge has one file read at once, though nothing else told of it")
    func read() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write("-p/one.jsonl", ["a"])
            let nudges = WatchNudges()
            // Nothing is told, and the next rescan is half a minute away.
            try await folder.watching(changes: ScriptedChanges().source, nudges: nudges) {
                try await folder.caughtUp()
                try folder.append("-p/one.jsonl", ["b"])
                try folder.write("-new/two.jsonl", ["c"])
                nudges.nudge(folder.path("-p/one.jsonl"))
                nudges.nudge(folder.path("-new/two.jsonl"))
                try await folder.expect("-p/one.jsonl", ["a", "b"])
                try await folder.expect("-new/two.jsonl", ["c"])
            }
        }
    }

    @Test("A path that leads out of what is watched, or is none, is not read")
    func foreign() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write("-p/one.jsonl", ["a"])
            let outside = try scratch.write(WatchedFolder.text(["secret"]), to: "outside.jsonl")
            let nudges = WatchNudges()
            try await folder.watching(changes: ScriptedChanges().source, nudges: nudges) {
                try await folder.caughtUp()
                for path in [
                    outside, folder.path("../outside.jsonl"), folder.path("-p/../../outside.jsonl"), folder.path("./-p/one.jsonl"), "", "one.jsonl",
                    "\u{0}", folder.root, folder.root + "/", folder.path("-p"), folder.path("-p/missing.jsonl"), "/etc/passwd",
                ] {
                    nudges.nudge(path)
                }
                // What is asked for last is read last.
                try folder.append("-p/one.jsonl", ["b"])
                nudges.nudge(folder.path("-p/one.jsonl"))
                try await folder.expect("-p/one.jsonl", ["a", "b"])
                #expect(Set(folder.sink.batches) == [folder.path("-p/one.jsonl")])
            }
        }
    }

    @Test("A path that leads through a symbolic link out of what is watched is not read")
    func link() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write("-p/one.jsonl", ["a"])
            try scratch.write(WatchedFolder.text(["secret"]), to: "elsewhere/-x/two.jsonl")
            // A slash and an accent are one character to a String.
            try scratch.write(WatchedFolder.text(["secret"]), to: "\u{301}three.jsonl")
            #expect(symlink(scratch.path("elsewhere"), folder.path("link")) == 0)
            #expect(symlink(scratch.path("elsewhere/-x"), folder.path("-p/link")) == 0)
            let nudges = WatchNudges()
            try await folder.watching(changes: ScriptedChanges().source, nudges: nudges) {
                try await folder.caughtUp()
                for name in ["link/-x/two.jsonl", "-p/link/two.jsonl", "../\u{301}three.jsonl"] { nudges.nudge(folder.path(name)) }
                // What is asked for last is read last.
                try folder.append("-p/one.jsonl", ["b"])
                nudges.nudge(folder.path("-p/one.jsonl"))
                try await folder.expect("-p/one.jsonl", ["a", "b"])
                #expect(Set(folder.sink.batches) == [folder.path("-p/one.jsonl")])
            }
        }
    }

    @Test("More nudges than are kept have everything looked at")
    func many() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write("-p/one.jsonl", ["a"])
            let nudges = WatchNudges()
            try await folder.watching(changes: ScriptedChanges().source, nudges: nudges) {
                try await folder.caughtUp()
                try folder.append("-p/one.jsonl", ["b"])
                for number in 0..<1000 { nudges.nudge(folder.path("-q/\(number).jsonl")) }
                try await folder.expect("-p/one.jsonl", ["a", "b"])
            }
        }
    }
}
