import BinaryTesting
import Testing
import Transcripts

@testable import TranscriptIngest

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Sessions that agents keep as documents: what is written does not touch the file that stands for the session.
@Suite("Watching documents")
struct DocumentWatchTests {
    private static let session = "ses_7fa2c1e9bffeBICghRNeI7BWy6"

    /// A session of OpenCode below `storage`.
    private struct OpenCode {
        var scratch: Scratch
        var storage: String

        var transcript: String { scratch.path("\(storage)/session/p/\(DocumentWatchTests.session).json") }

        func begin() throws {
            try scratch.write(
                "{\"id\":\"\(DocumentWatchTests.session)\",\"directory\":\"/home/ana/zoo\"}",
                to: "\(storage)/session/p/\(DocumentWatchTests.session).json")
            try message(1, "user")
            try part(1, "And a zebra?")
            try message(2, "assistant")
            try part(2, "It has")
        }

        func message(_ number: Int, _ role: String) throws {
            try scratch.write(
                "{\"id\":\"msg_\(number)\",\"sessionID\":\"\(DocumentWatchTests.session)\",\"role\":\"\(role)\",\"time\":{\"created\":1,\"completed\":2}}",
                to: "\(storage)/message/\(DocumentWatchTests.session)/msg_\(number).json")
        }

        func part(_ number: Int, _ text: String) throws {
            let name = "\(storage)/part/msg_\(number)/prt_\(number).json"
            let session = DocumentWatchTests.session
            let content = "{\"id\":\"prt_\(number)\",\"sessionID\":\"\(session)\",\"type\":\"text\",\"text\":\"\(text)\"}"
            // In place, where it is there: then its directory stays as it is.
            let descriptor = open(scratch.path(name), O_WRONLY | O_TRUNC | O_CLOEXEC)
            guard descriptor >= 0 else {
                try scratch.write(content, to: name)
                return
            }
            defer { close(descriptor) }
            let bytes = Array(content.utf8)
            guard write(descriptor, bytes, bytes.count) == bytes.count else { throw TestFailure("writing \(name): errno \(errno)") }
        }
    }

    @Test("A part that is written in place is seen by a rescan, though no directory and no other file shows it", arguments: [1, 2])
    func rescanned(message: Int) async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            let agent = OpenCode(scratch: scratch, storage: "projects")
            try agent.begin()
            let timing = WatchTiming(rescan: .milliseconds(50), firstRetry: .milliseconds(5), lastRetry: .milliseconds(50))
            try await folder.watching(timing: timing, changes: ScriptedChanges().source) {
                try await expect(2, agent, folder)
                try agent.part(message, "It has black and white stripes.")
                try await expect(3, agent, folder)
            }
        }
    }

    @Test("A part that is cut and written again within one tick of the clock makes another stamp")
    func oneTick() async throws {
        try await Scratch.with { scratch in
            let agent = OpenCode(scratch: scratch, storage: "storage")
            try agent.begin()
            let path = scratch.path("storage/session/p/\(Self.session).json")
            let location = try #require(OpenCodeFormat().location(path, under: scratch.path("storage")))
            try agent.part(2, "")
            var cut = try #require(OpenCodeFormat().stamp(of: location))
            try agent.part(2, "It has black and white stripes.")
            let written = try #require(OpenCodeFormat().stamp(of: location))
            // As if the clock had stood still in between, which it does for some milliseconds at a time.
            (cut.modified, cut.changed) = (written.modified, written.changed)
            #expect(cut != written)
        }
    }

    #if os(Linux)
        @Test("The kernel tells of parts of new messages, and of those that are written in place")
        func told() async throws {
            try await Scratch.with { scratch in
                let folder = WatchedFolder(scratch)
                let agent = OpenCode(scratch: scratch, storage: "opencode/storage")
                try agent.begin()
                // The next rescan is half a minute away.
                try await folder.watching(roots: [scratch.path("opencode/storage")]) {
                    try await folder.caughtUp()
                    try await expect(2, agent, folder)
                    try agent.message(3, "user")
                    try await expect(3, agent, folder)
                    try agent.part(3, "And")
                    try await expect(4, agent, folder)
                    try agent.part(3, "And a quagga?")
                    try await expect(5, agent, folder)
                }
            }
        }
    #endif

    @Test("However many sessions grow, the parts of the last ones alone are watched")
    func bounded() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            let changes = ScriptedChanges()
            @Sendable func write(_ session: Int, _ message: Int) throws -> String {
                let (id, text) = ("ses_\(session)", "{\"id\":\"msg_\(session)_\(message)\",\"role\":\"assistant\",\"time\":{\"completed\":2}}")
                try scratch.write("{\"id\":\"\(id)\"}", to: "opencode/storage/session/p/\(id).json")
                return try scratch.write(text, to: "opencode/storage/message/\(id)/msg_\(session)_\(message).json")
            }
            for session in 0..<40 { _ = try write(session, 1) }
            try await folder.watching(changes: changes.source, roots: [scratch.path("opencode/storage")]) {
                try await folder.caughtUp()
                #expect(changes.watched.contains(scratch.path("opencode/storage/part")) == false, "it is not there yet")
                #expect(!changes.watched.contains { $0.contains("/part/") })
                for session in 0..<40 {
                    changes.tell(DirectoryChangeSet(paths: [try write(session, 2)]))
                    try await taken(41 + session, folder)
                }
                let watched = changes.watched.filter { $0.contains("/part/") }
                #expect(watched.count == 64 && watched.contains { $0.hasSuffix("/msg_39_2") } && !watched.contains { $0.hasSuffix("/msg_0_1") })
            }
        }
    }

    private func taken(_ count: Int, _ folder: WatchedFolder) async throws {
        _ = try await eventually(within: .seconds(10), "\(count) records") { folder.sink.lineCount == count ? true : nil }
    }

    @Test("A document of Gemini CLI that is written anew is seen by a rescan, whether in place or by a file that takes its place")
    func gemini() async throws {
        try await Scratch.with { scratch in
            let folder = WatchedFolder(scratch)
            let name = "p/chats/session-2025-10-02T09-00-one.json"
            @Sendable func write(_ texts: [String], to name: String) throws {
                let messages = texts.enumerated().map { "{\"id\":\"m\($0.offset)\",\"type\":\"user\",\"text\":\"\($0.element)\",\"content\":\"x\"}" }
                try scratch.write(
                    "{\"sessionId\":\"s\",\"projectHash\":\"h\",\"messages\":[\(messages.joined(separator: ","))]}", to: "projects/\(name)")
            }
            try write(["a"], to: name)
            let timing = WatchTiming(rescan: .milliseconds(50), firstRetry: .milliseconds(5), lastRetry: .milliseconds(50))
            try await folder.watching(timing: timing, changes: ScriptedChanges().source) {
                try await folder.expect(name, ["?", "a"])
                try write(["a", "b"], to: name)
                try await folder.expect(name, ["?", "a", "b"])
                try write(["a", "b", "c"], to: "p/chats/draft")
                try folder.rename("p/chats/draft", to: name)
                try await folder.expect(name, ["?", "a", "b", "c"])
            }
        }
    }

    /// Waits until so many records of the session were taken.
    private func expect(_ count: Int, _ agent: OpenCode, _ folder: WatchedFolder) async throws {
        do {
            _ = try await eventually(within: .seconds(10), "\(count) records") { folder.sink.lines(agent.transcript).count == count ? true : nil }
        } catch {
            throw TestFailure("\(error); the sink has \(folder.sink.lines(agent.transcript).count)")
        }
    }
}
