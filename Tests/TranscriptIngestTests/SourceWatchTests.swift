import BinaryTesting
import MemoryModel
import Synchronization
import Testing

@testable import TranscriptIngest

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What becomes of files while they are watched. The rescan is half a minute away, so what arrives was told by the kernel where it can be.
@Suite("A watch of sources")
struct SourceWatchTests {
    static let file = "-home-dev-zoo/one.jsonl"

    @Test("What is on disk is read oldest first, and what is written then follows")
    func follow() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write("-p/newer.jsonl", ["n1"])
            try folder.write("-p/older.jsonl", ["o1", "o2"])
            try setModified(folder.path("-p/older.jsonl"), seconds: 1_000_000)
            try await folder.watching {
                try await folder.caughtUp()
                #expect(folder.sink.batches == [folder.path("-p/older.jsonl"), folder.path("-p/newer.jsonl")])
                try folder.append("-p/older.jsonl", ["o3"])
                try await folder.expect("-p/older.jsonl", ["o1", "o2", "o3"])
                try folder.append("-p/newer.jsonl", ["n2"])
                try await folder.expect("-p/newer.jsonl", ["n1", "n2"])
            }
        }
    }

    @Test("A half line waits for its end")
    func halfLine() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write(Self.file, ["a"])
            try await folder.watching {
                try await folder.caughtUp()
                let size = Int64(WatchedFolder.text(["a"]).utf8.count)
                try folder.appendRaw(Self.file, "{\"type\":\"user\",\"te")
                let waiting = try await folder.told("the half line to be seen") { event in
                    if case .read(_, let position, let lookedTo) = event, lookedTo > size { position.offset } else { nil }
                }
                #expect(waiting == size)
                #expect(folder.sink.lines(folder.path(Self.file)) == ["a"])
                try folder.appendRaw(Self.file, "xt\":\"b\"}\n{")
                try await folder.expect(Self.file, ["a", "b"])
                try folder.appendRaw(Self.file, "\"text\":\"c\"}\n")
                try await folder.expect(Self.file, ["a", "b", "c"])
            }
        }
    }

    @Test("A file that is cut and written anew is read from its start")
    func truncation() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write(Self.file, ["a", "b", "c"])
            try await folder.watching {
                try await folder.expect(Self.file, ["a", "b", "c"])
                #expect(truncate(folder.path(Self.file), 0) == 0)
                try folder.append(Self.file, ["d"])
                try await folder.expect(Self.file, ["a", "b", "c", "d"])
                #expect(folder.sink.position(folder.path(Self.file))?.generation == 2)
            }
        }
    }

    /// A blank line at the end has no bytes of its own by which it could be known.
    @Test("A file that is cut in the middle and grows past the place it was read to loses no line", arguments: ["", "\n", "\n\n"])
    func regrown(end: String) async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            let old = (0..<200).map { "old-\($0)" }
            try folder.write(Self.file, old)
            try await folder.watching {
                try await folder.expect(Self.file, old)
                guard !end.isEmpty else { return }
                // Read by itself, so that nothing else was read with it.
                try folder.appendRaw(Self.file, end)
                let size = Int64(WatchedFolder.text(old).utf8.count + end.utf8.count)
                _ = try await eventually(within: .seconds(10), "the blank line") {
                    folder.sink.position(folder.path(Self.file))?.offset == size ? true : nil
                }
            }
            // Cut behind the head that is compared, and longer than before when it is looked at again.
            let kept = Array(old.prefix(100))
            #expect(truncate(folder.path(Self.file), Int(WatchedFolder.text(kept).utf8.count)) == 0)
            let new = (0..<300).map { "new-\($0)" }
            try folder.append(Self.file, new)
            try await folder.watching { try await folder.expect(Self.file, old + kept + new) }
        }
    }

    @Test("A line whose break is cut off, and which goes on, is another line")
    func brokenOff() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            let old = (0..<200).map { "old-\($0)" }
            try folder.write(Self.file, old)
            try await folder.watching { try await folder.expect(Self.file, old) }
            #expect(truncate(folder.path(Self.file), Int(WatchedFolder.text(old).utf8.count) - 1) == 0)
            try folder.append(Self.file, ["joined", "new"])
            try await folder.watching { try await folder.expect(Self.file, old + old.dropLast() + ["invalid-json", "new"]) }
            #expect(folder.sink.position(folder.path(Self.file))?.generation == 2)
        }
    }

    @Test("A file that replaces another by its name is read from its start")
    func replacement() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write(Self.file, ["a", "b"])
            try await folder.watching {
                try await folder.expect(Self.file, ["a", "b"])
                try folder.write("-home-dev-zoo/new.tmp", ["x", "y", "z"])
                try folder.rename("-home-dev-zoo/new.tmp", to: Self.file)
                try await folder.expect(Self.file, ["a", "b", "x", "y", "z"])
            }
        }
    }

    @Test("A file that is renamed is read under its new name, and goes on there")
    func rename() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write(Self.file, ["a"])
            try await folder.watching {
                try await folder.expect(Self.file, ["a"])
                try folder.rename(Self.file, to: "-home-dev-zoo/two.jsonl")
                try folder.append("-home-dev-zoo/two.jsonl", ["b"])
                try await folder.expect("-home-dev-zoo/two.jsonl", ["a", "b"])
                let old = folder.path(Self.file)
                try await folder.told("the old name to be gone") { if case .gone(old) = $0 { () } else { nil } }
            }
        }
    }

    @Test("A file that is deleted is gone, and one that comes in its place is read")
    func deletion() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write(Self.file, ["a"])
            try await folder.watching {
                try await folder.expect(Self.file, ["a"])
                #expect(unlink(folder.path(Self.file)) == 0)
                let path = folder.path(Self.file)
                try await folder.told("the file to be gone") { if case .gone(path) = $0 { () } else { nil } }
                try folder.write(Self.file, ["b", "c"])
                try await folder.expect(Self.file, ["a", "b", "c"])
            }
        }
    }

    @Test("A new directory is watched with what is in it, and so is one that was renamed")
    func newDirectory() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write(Self.file, ["a"])
            try await folder.watching {
                try await folder.caughtUp()
                let agent = "-home-dev-new/5e551011-0000-4000-8000-000000000001/subagents/agent-1.jsonl"
                try folder.write(agent, ["x"])
                try await folder.expect(agent, ["x"])
                try folder.append(agent, ["y"])
                try await folder.expect(agent, ["x", "y"])
                try folder.rename("-home-dev-new", to: "-home-dev-moved")
                let moved = "-home-dev-moved" + agent.dropFirst("-home-dev-new".count)
                try await folder.expect(moved, ["x", "y"])
                try folder.append(moved, ["z"])
                try await folder.expect(moved, ["x", "y", "z"])
            }
        }
    }

    @Test("A root that is not there yet is waited for, and missing it is told once")
    func lateRoot() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            let root = scratch.path("home/.claude/projects")
            let changes = ScriptedChanges()
            try await folder.watching(timing: WatchTiming(rescan: .milliseconds(20)), changes: changes.source, roots: [root + "/"]) {
                try await folder.caughtUp()
                try await changes.expectLooks(5, at: scratch.root)
                #expect(folder.events.count { if case .rootMissing = $0 { true } else { false } } == 1)
                try scratch.write(WatchedFolder.text(["a"]), to: "home/.claude/projects/-p/one.jsonl")
                _ = try await eventually(within: .seconds(10), "its line") { folder.sink.lines(root + "/-p/one.jsonl") == ["a"] ? true : nil }
                try await folder.told("the root to be found") { if case .rootFound(root) = $0 { () } else { nil } }
            }
        }
    }

    @Test("A root that comes is found by events alone", .enabled(if: isLinux, "events come from Linux"))
    func lateRootByEvents() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            let root = scratch.path("home/.claude/projects")
            try await folder.watching(roots: [root]) {
                try await folder.caughtUp()
                try scratch.write(WatchedFolder.text(["a"]), to: "home/.claude/projects/-p/one.jsonl")
                _ = try await eventually(within: .seconds(10), "its line") { folder.sink.lines(root + "/-p/one.jsonl") == ["a"] ? true : nil }
            }
        }
    }

    @Test("A root may be a single file, and its neighbours are none of the watch's")
    func singleFile() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write(Self.file, ["a"])
            try folder.write("-home-dev-zoo/other.jsonl", ["n"])
            try await folder.watching(roots: [folder.path(Self.file)]) {
                try await folder.expect(Self.file, ["a"])
                try folder.append("-home-dev-zoo/other.jsonl", ["o"])
                try folder.append(Self.file, ["b"])
                try await folder.expect(Self.file, ["a", "b"])
            }
            #expect(folder.sink.lines(folder.path("-home-dev-zoo/other.jsonl")) == [])
        }
    }

    @Test("A burst of lines arrives whole, in few batches")
    func burst() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write(Self.file, ["first"])
            try await folder.watching {
                try await folder.caughtUp()
                let texts = (0..<1000).map { "line-\($0)" }
                for text in texts { try folder.append(Self.file, [text]) }
                try await folder.expect(Self.file, ["first"] + texts)
            }
            #expect(folder.sink.batches.count < 100)
        }
    }

    @Test("Thousands of files are read once, and looking at them again reads none")
    func manyFiles() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            for index in 0..<3000 { try folder.write("-p\(index % 40)/\(index).jsonl", ["\(index)"]) }
            let changes = ScriptedChanges()
            try await folder.watching(timing: WatchTiming(rescan: .milliseconds(50)), changes: changes.source) {
                try await folder.caughtUp()
                #expect(folder.sink.lineCount == 3000)
                #expect(folder.readCount == 3000)
                try await changes.expectLooks(2, at: folder.root)
                #expect(folder.readCount == 3000, "what has not changed is not opened")
                try folder.append("-p7/2967.jsonl", ["more"])
                try await folder.expect("-p7/2967.jsonl", ["2967", "more"])
            }
        }
    }

    @Test("A file that grows all the time does not starve another, nor the backfill")
    func fairness() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            for index in 0..<50 { try folder.write("-old/\(index).jsonl", (0..<50).map { "\(index)-\($0)" }) }
            try await folder.watching {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        while !Task.isCancelled {
                            try folder.append("-busy/busy.jsonl", (0..<20).map { "busy-\($0)" })
                            await Task.yield()
                        }
                    }
                    defer { group.cancelAll() }
                    try folder.write("-quiet/quiet.jsonl", ["q"])
                    try await folder.expect("-quiet/quiet.jsonl", ["q"])
                    _ = try await eventually(within: .seconds(20), "the backfill") {
                        (0..<50).allSatisfy { folder.sink.lines(folder.path("-old/\($0).jsonl")).count == 50 } ? true : nil
                    }
                }
            }
        }
    }

    @Test("A wall clock that jumps back changes nothing")
    func clockJump() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write(Self.file, ["a"])
            try await folder.watching {
                try await folder.expect(Self.file, ["a"])
                folder.wall.withLock { $0 = Timestamp(milliseconds: 1_000) }
                try folder.append(Self.file, ["b"])
                // The file looks as if it were written long before what was read.
                try setModified(folder.path(Self.file), seconds: 2_000)
                try await folder.expect(Self.file, ["a", "b"])
                try folder.append(Self.file, ["c"])
                try setModified(folder.path(Self.file), seconds: 1_000)
                try await folder.expect(Self.file, ["a", "b", "c"])
            }
        }
    }

    @Test("Files and links that are no transcripts are passed over")
    func strangers() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write(Self.file, ["a"])
            let secret = try scratch.write(WatchedFolder.text(["secret"]), to: "elsewhere.jsonl")
            try await folder.watching {
                try await folder.caughtUp()
                #expect(symlink(secret, folder.path("-home-dev-zoo/link.jsonl")) == 0)
                #expect(mkfifo(folder.path("-home-dev-zoo/pipe.jsonl"), 0o600) == 0)
                try folder.write("-home-dev-zoo/notes.txt", ["n"])
                try folder.append(Self.file, ["b"])
                try await folder.expect(Self.file, ["a", "b"])
            }
            #expect(folder.sink.lineCount == 2)
        }
    }
}

let isLinux: Bool = {
    #if os(Linux)
        true
    #else
        false
    #endif
}()

func setModified(_ path: String, seconds: Int) throws {
    var times = [timeval(tv_sec: seconds, tv_usec: 0), timeval(tv_sec: seconds, tv_usec: 0)]
    guard utimes(path, &times) == 0 else { throw TestFailure("setting the time of \(path): errno \(errno)") }
}

extension WatchedFolder {
    var readCount: Int { events.count { if case .read = $0 { true } else { false } } }
}
