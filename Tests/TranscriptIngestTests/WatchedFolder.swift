import BinaryTesting
import Logging
import MemoryModel
import Redaction
import Synchronization

@testable import TranscriptIngest

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A folder of transcripts, a sink, and what a watch between them told.
final class WatchedFolder: Sendable {
    let scratch: Scratch
    let sink: RecordingSink
    private let told = Mutex<[WatchEvent]>([])
    /// What the wall clock says; no test lets it run by itself.
    let wall = Mutex(Timestamp(milliseconds: 1_800_000_000_000))

    init(_ scratch: Scratch, sink: RecordingSink = RecordingSink()) {
        self.scratch = scratch
        self.sink = sink
    }

    var root: String { scratch.path("projects") }
    var events: [WatchEvent] { told.withLock { $0 } }

    func path(_ name: String) -> String { "\(root)/\(name)" }

    /// Lines whose `text` is each of these.
    static func text(_ texts: [String]) -> String { texts.map { "{\"type\":\"user\",\"text\":\"\($0)\"}\n" }.joined() }

    func write(_ name: String, _ texts: [String]) throws {
        try scratch.write(Self.text(texts), to: "projects/\(name)")
    }

    func append(_ name: String, _ texts: [String]) throws { try appendRaw(name, Self.text(texts)) }

    func appendRaw(_ name: String, _ text: String) throws { try writeRaw(name, text, O_APPEND | O_CREAT) }

    /// Cuts the file and writes it anew; who has it open sees that.
    func rewrite(_ name: String, _ text: String) throws { try writeRaw(name, text, O_TRUNC) }

    private func writeRaw(_ name: String, _ text: String, _ flags: Int32) throws {
        let descriptor = open(path(name), O_WRONLY | O_CLOEXEC | flags, 0o600)
        guard descriptor >= 0 else { throw TestFailure("opening \(name): errno \(errno)") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard systemWrite(descriptor, bytes, bytes.count) == bytes.count else { throw TestFailure("writing \(name): errno \(errno)") }
    }

    func rename(_ name: String, to other: String) throws {
        guard systemRename(path(name), path(other)) == 0 else { throw TestFailure("renaming \(name): errno \(errno)") }
    }

    /// Watches the folder while `body` runs.
    func watching<Value: Sendable>(
        timing: WatchTiming = WatchTiming(firstRetry: .milliseconds(5), lastRetry: .milliseconds(50)),
        changes: DirectoryChangesSource = .platform, roots: [String]? = nil, nudges: WatchNudges = WatchNudges(),
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let redactor = try Redactor(key: [UInt8](repeating: 3, count: 32))
        let context = SourceContext(user: .empty, machine: .empty, redactor: redactor, now: { self.wall.withLock { $0 } })
        let watch = SourceWatch(
            into: sink, context: context, roots: roots ?? [root], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, timing: timing,
            changes: changes, nudges: nudges
        ) { event in
            self.told.withLock { $0.append(event) }
        }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await watch.run() }
            defer { group.cancelAll() }
            return try await within(.seconds(30), "the test's body", body)
        }
    }

    /// Waits until the sink has exactly these lines of a file, in this order.
    func expect(_ name: String, _ texts: [String]) async throws {
        let path = path(name)
        do {
            _ = try await eventually(within: .seconds(10), "the lines of \(name)") { self.sink.lines(path) == texts ? true : nil }
        } catch {
            throw TestFailure("\(error): \(texts) expected, the sink has \(sink.lines(path))")
        }
    }

    func told<Value>(_ what: String, _ find: @escaping (WatchEvent) -> Value?) async throws -> Value {
        try await eventually(within: .seconds(10), what) { self.events.lazy.compactMap(find).first }
    }

    func caughtUp(_ times: Int = 1) async throws {
        _ = try await eventually(within: .seconds(20), "the watch to have caught up") {
            self.events.count { if case .caughtUp = $0 { true } else { false } } >= times ? true : nil
        }
    }
}

/// Changes that a test makes up.
final class ScriptedChanges: DirectoryChanges {
    private struct State {
        var changes = DirectoryChangeSet()
        var watched: [String: Int] = [:]
        var error: DirectoryChangesError?
    }

    private let state = Mutex(State())
    private let ring = Mutex<(@Sendable () -> Void)?>(nil)

    /// - Parameter error: why no directory can be watched.
    init(error: DirectoryChangesError? = nil) { state.withLock { $0.error = error } }

    var source: DirectoryChangesSource {
        DirectoryChangesSource { ring throws(DirectoryChangesError) in
            self.ring.withLock { $0 = ring }
            return self
        }
    }

    var watched: Set<String> { state.withLock { Set($0.watched.keys) } }

    /// Waits until the directory was looked at so many times more.
    func expectLooks(_ count: Int, at directory: String) async throws {
        let before = state.withLock { $0.watched[directory] ?? 0 }
        // A watch rests ten times as long as a look took, which is long on a host that has other work.
        _ = try await eventually(within: .seconds(25), "\(count) looks at \(directory)") {
            // One more: the first may have begun before.
            self.state.withLock { $0.watched[directory] ?? 0 } > before + count ? true : nil
        }
    }

    func watch(_ directory: String) throws(DirectoryChangesError) {
        let error = state.withLock { state in
            if state.error == nil { state.watched[directory, default: 0] += 1 }
            return state.error
        }
        if let error { throw error }
    }

    func unwatch(_ directory: String) { state.withLock { $0.watched[directory] = nil } }

    func set(_ error: DirectoryChangesError?) { state.withLock { $0.error = error } }

    func tell(_ changes: DirectoryChangeSet) {
        state.withLock { $0.changes = changes }
        ring.withLock { $0 }?()
    }

    func take() -> DirectoryChangeSet {
        state.withLock { state in
            defer { state.changes = DirectoryChangeSet() }
            return state.changes
        }
    }

    func stop() {}
}

/// `write` and `rename` by names that the methods of the same names do not hide.
private func systemWrite(_ descriptor: Int32, _ bytes: [UInt8], _ count: Int) -> Int { write(descriptor, bytes, count) }
private func systemRename(_ path: String, _ other: String) -> Int32 { rename(path, other) }
