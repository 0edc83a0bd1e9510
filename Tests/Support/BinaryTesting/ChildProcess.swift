#if canImport(Glibc)
    package import Glibc
#elseif canImport(Musl)
    package import Musl
#else
    package import Darwin
#endif
import Synchronization

/// A program started with the environment it is given and nothing of the test's own.
///
/// Its output goes to files and not to pipes: nothing blocks when nobody reads, and what a program wrote can be read after it died.
/// It is stopped by its process id, never by its name.
package final class ChildProcess: Sendable {
    package let pid: pid_t
    private let outputPath: String
    private let errorPath: String
    /// The writing end of its standard input; `nil` once closed, and where it never had one.
    private let input: Mutex<Int32?>
    private let status: Mutex<ExitStatus?>
    private let signals = Mutex<Set<Int32>>([])

    package enum ExitStatus: Sendable, Hashable {
        case code(Int32)
        case signal(Int32)
    }

    /// Starts `arguments[0]` (a path).
    ///
    /// - Parameter hasInput: whether `write(_:)` will be used; otherwise standard input is `/dev/null`.
    package init(_ arguments: [String], environment: [String: String], in scratch: Scratch, hasInput: Bool = false) throws {
        let name = scratch.nextName()
        let outputPath = scratch.path("\(name).out")
        let errorPath = scratch.path("\(name).err")
        let (pid, writing) = try Self.starting.withLock { _ in
            let pipe = hasInput ? try Self.closeOnExecPipe() : nil
            defer { if let pipe { close(pipe.reading) } }
            do {
                return (try Self.spawn(arguments, environment, input: pipe?.reading, output: outputPath, errors: errorPath), pipe?.writing)
            } catch {
                if let pipe { close(pipe.writing) }
                throw error
            }
        }
        self.pid = pid
        self.outputPath = outputPath
        self.errorPath = errorPath
        input = Mutex(writing)
        status = Mutex(nil)
    }

    private static func spawn(
        _ arguments: [String], _ environment: [String: String], input: Int32?, output: String, errors: String
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)

        // The runner may ignore or block signals, and both are inherited: the child starts with neither.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGPIPE, SIGTERM, SIGINT, SIGHUP] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))

        var argumentPointers = arguments.map { strdup($0) } + [nil]
        var environmentPointers = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }
        var pid: pid_t = 0
        let failure = posix_spawn(&pid, arguments[0], &actions, &attributes, &argumentPointers, &environmentPointers)
        if failure != 0 { throw TestFailure("starting \(arguments[0]): \(String(cString: strerror(failure)))") }
        return pid
    }

    /// A test that throws leaves no process behind.
    deinit {
        closeInput()
        if exitStatus == nil {
            kill(pid, SIGKILL)
            var word: Int32 = 0
            waitpid(pid, &word, 0)
        }
    }

    package var output: [UInt8] { Scratch.bytes(at: outputPath) }
    package var outputText: String { String(decoding: output, as: UTF8.self) }
    package var errorText: String { String(decoding: Scratch.bytes(at: errorPath), as: UTF8.self) }

    /// How it ended; `nil` while it runs.
    package var exitStatus: ExitStatus? {
        status.withLock { status in
            if let status { return status }
            var word: Int32 = 0
            guard waitpid(pid, &word, WNOHANG) == pid else { return nil }
            // WIFEXITED and its kin are macros, which Swift does not import.
            status = word & 0x7f == 0 ? .code((word >> 8) & 0xff) : .signal(word & 0x7f)
            return status
        }
    }

    package func wasSent(_ signal: Int32) -> Bool { signals.withLock { $0.contains(signal) } }

    package func send(_ signal: Int32) {
        signals.withLock { _ = $0.insert(signal) }
        // Reaped processes give their id back, so never signal one.
        if exitStatus == nil { kill(pid, signal) }
    }

    /// Waits for it to end by itself; kills it and throws when it does not.
    @discardableResult
    package func exit(within timeout: Duration = .seconds(30)) async throws -> ExitStatus {
        do {
            return try await eventually(within: timeout, "\(pid) to exit") { self.exitStatus }
        } catch {
            send(SIGKILL)
            throw TestFailure("\(error); standard error ends: \(errorText.suffix(2000))")
        }
    }

    /// Writes to its standard input, as fast as it reads.
    package func write(_ bytes: [UInt8]) async throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = try input.withLock { input -> Int in
                guard let input else { throw TestFailure("writing to \(pid): its input is closed") }
                let count = rest.withUnsafeBytes { systemWrite(input, $0.baseAddress, $0.count) }
                if count < 0, errno != EAGAIN { throw TestFailure("writing to \(pid): \(String(cString: strerror(errno)))") }
                return max(count, 0)
            }
            rest = rest.dropFirst(written)
            if written == 0 { try await ContinuousClock().sleep(for: .milliseconds(2)) }  // lint: the pipe is full
        }
    }

    package func closeInput() {
        input.withLock { input in
            if let descriptor = input { close(descriptor) }
            input = nil
        }
    }

    /// Both ends close on exec, so that no other child holds this one's input open; the writing end never blocks a thread.
    private static func closeOnExecPipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        if pipe(&ends) != 0 { throw TestFailure("making a pipe: \(String(cString: strerror(errno)))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        return (ends[0], ends[1])
    }

    /// Held from making a pipe to the child's start: a child started in between would inherit the pipe.
    private static let starting = Mutex(())
}

/// `write` by a name that the method of the same name does not hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
