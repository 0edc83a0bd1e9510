import BinaryTesting
import MemoryStore
import Testing

@testable import TranscriptIngest

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What stands in a watch's way, and what it does about it.
@Suite("A watch in trouble")
struct WatchFailureTests {
    private static let busy = StoreError(.busy, operation: "store lines", cause: "another process holds the store")
    private static let file = "-p/one.jsonl"

    @Test("A sink that fails is tried again, each failure is told, and no line is passed over")
    func failingSink() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write(Self.file, ["a"])
            try folder.write("-p/two.jsonl", ["x"])
            folder.sink.failAlways(Self.busy)
            try await folder.watching {
                _ = try await eventually(within: .seconds(10), "five failures") { folder.sinkFailures.count >= 5 ? true : nil }
                // A pause grows, but not without end.
                #expect(folder.sinkFailures.map(\.retryIn).max() ?? .zero <= .milliseconds(50))
                try folder.append(Self.file, ["b"])
                #expect(folder.sink.lineCount == 0)
                folder.sink.failAlways(nil)
                try await folder.expect(Self.file, ["a", "b"])
                try await folder.expect("-p/two.jsonl", ["x"])
                try await folder.caughtUp()
            }
        }
    }

    @Test("A source that the sink will not take holds no other up")
    func poison() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write(Self.file, ["a"])
            folder.sink.fail(folder.path(Self.file), Array(repeating: Self.busy, count: 12))
            try folder.write("-p/two.jsonl", ["x"])
            try await folder.watching(timing: WatchTiming(firstRetry: .seconds(1), lastRetry: .seconds(1))) {
                try await folder.expect("-p/two.jsonl", ["x"])
                try folder.append("-p/two.jsonl", ["y"])
                try await folder.expect("-p/two.jsonl", ["x", "y"])
            }
            #expect(folder.sink.lines(folder.path(Self.file)) == [])
        }
    }

    @Test("What cannot be read is told once, and read when it can be")
    func unreadable() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write(Self.file, ["a"])
            let error = ImportError(operation: "read it", cause: "it is closed")
            folder.sink.fail(folder.path(Self.file), Array(repeating: error, count: 3))
            try await folder.watching(timing: WatchTiming(rescan: .milliseconds(10))) {
                try await folder.expect(Self.file, ["a"])
            }
            #expect(folder.events.count { if case .failed(let failure) = $0 { failure.side == .source } else { false } } == 1)
        }
    }

    @Test("A file that its owner opens up again is read", .enabled(if: getuid() != 0, "root may read every file"))
    func permissions() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write(Self.file, ["a"])
            #expect(chmod(folder.path(Self.file), 0) == 0)
            try await folder.watching {
                try await folder.told("the failure") { if case .failed = $0 { () } else { nil } }
                #expect(chmod(folder.path(Self.file), 0o600) == 0)
                try await folder.expect(Self.file, ["a"])
            }
        }
    }

    @Test("After an overflow everything is looked at at once")
    func overflow() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            let changes = ScriptedChanges()
            try folder.write(Self.file, ["a"])
            try await folder.watching(changes: changes.source) {
                try await folder.caughtUp()
                try folder.append(Self.file, ["b"])
                try folder.write("-new/two.jsonl", ["x"])
                changes.tell(DirectoryChangeSet(isIncomplete: true))
                try await folder.expect(Self.file, ["a", "b"])
                try await folder.expect("-new/two.jsonl", ["x"])
                #expect(changes.watched.contains(folder.path("-new")))
            }
        }
    }

    @Test(
        "Where the kernel gives no more watches or instances it polls, says how to get more, and listens again when there are some",
        arguments: [DirectoryChangesError.watchesUsedUp, .instancesUsedUp])
    func limits(error: DirectoryChangesError) async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            let changes = ScriptedChanges(error: error)
            try folder.write(Self.file, ["a"])
            try await folder.watching(timing: WatchTiming(poll: .milliseconds(20)), changes: changes.source) {
                let reason = try await folder.told("the fallback") { event in
                    if case .mode(.polling(let reason)) = event { reason ?? "" } else { nil }
                }
                #expect(reason.contains("Fix: sudo sysctl fs.inotify.max_user_"))
                try folder.append(Self.file, ["b"])
                try await folder.expect(Self.file, ["a", "b"])
                changes.set(nil)
                try await folder.told("events again") { if case .mode(.events) = $0 { () } else { nil } }
            }
            #expect(folder.events.count { if case .mode = $0 { true } else { false } } == 2, "each mode is told once")
        }
    }

    @Test("Without events it polls")
    func polling() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try await folder.watching(timing: WatchTiming(poll: .milliseconds(20)), changes: .polling) {
                try folder.write(Self.file, ["a"])
                try await folder.expect(Self.file, ["a"])
                try folder.append(Self.file, ["b"])
                try await folder.expect(Self.file, ["a", "b"])
            }
        }
    }

    @Test("A watch that is cancelled ends, also while the sink fails")
    func cancellation() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            try folder.write(Self.file, ["a"])
            folder.sink.failAlways(Self.busy)
            try await folder.watching(timing: WatchTiming(firstRetry: .seconds(600), lastRetry: .seconds(600))) {
                _ = try await eventually(within: .seconds(10), "a failure") { folder.sinkFailures.isEmpty ? nil : true }
            }
        }
    }
}

extension WatchedFolder {
    fileprivate var sinkFailures: [WatchFailure] {
        events.compactMap { if case .failed(let failure) = $0, failure.side == .sink { failure } else { nil } }
    }
}
