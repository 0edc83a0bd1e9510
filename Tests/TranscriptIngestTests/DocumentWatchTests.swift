import BinaryTesting
import Testing

@testable import TranscriptIngest

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
            try scratch.write(
                "{\"id\":\"prt_\(number)\",\"sessionID\":\"\(DocumentWatchTests.session)\",\"messageID\":\"msg_\(number)\",\"type\":\"text\",\"text\":\"\(text)\"}",
                to: "\(storage)/part/msg_\(number)/prt_\(number).json")
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
