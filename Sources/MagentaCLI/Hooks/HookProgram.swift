import JSON
import Listeners
import MemoryRecall

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What `magenta hook` does, in the few milliseconds that it has. It fails open: whatever goes wrong, the agent goes on without it, with exit
/// code 0, nothing on standard output and at most one line on standard error.
struct HookProgram {
    /// All that a hook may take from its first statement, by event: Claude Code waits for SessionStart, whose answer is wanted. With the start
    /// of the process that stays below a second, and below 0.4 s.
    static let deadlines = (sessionStart: Duration.milliseconds(900), other: Duration.milliseconds(350))
    /// How long a server may take to say that it was told. It goes on without whoever told it.
    private static let noticePatience = Duration.milliseconds(100)
    /// Events are a few hundred bytes.
    private static let inputLimit = 1 << 20
    /// What fits a pipe at once, so that writing it never waits for a reader. Claude Code takes about 10,000 characters.
    private static let outputLimit = 60_000
    private static let fields = ["session_id", "transcript_path", "cwd", "source", "trigger", "reason"]

    var event: String
    var to: String
    var maxTokens: Int
    var tokenFile: String?
    private let started = ContinuousClock.now

    init(event: String, to: String, maxTokens: Int, tokenFile: String?) {
        self.event = event
        self.to = to
        self.maxTokens = maxTokens
        self.tokenFile = tokenFile
    }

    func run() {
        let isStart = event == "SessionStart"
        let time = isStart ? Self.deadlines.sessionStart : Self.deadlines.other
        Self.endProcess(after: time)
        do {
            let target = try HookTarget(to)
            let token = try tokenFile.map(Self.token)
            let body = try body(until: started + time)
            let call = HookCall(target: target, token: token)
            let reply = try call.answer(to: body, patience: isStart ? time : Self.noticePatience)
            try check(reply)
            guard isStart else { return }
            guard let context = Self.context(reply.body) else { throw HookFailure("what answers at \(target.authority) is no magenta") }
            let output: JSONValue = [
                "suppressOutput": true, "hookSpecificOutput": ["hookEventName": "SessionStart", "additionalContext": .string(context)],
            ]
            let line = output.description
            guard line.utf8.count < Self.outputLimit else { throw HookFailure("the server answered with more than fits a hook") }
            Terminal.print(line)
        } catch let failure as HookFailure where !isStart && failure.isLate {
            // The server has been told, and goes on without this process.
        } catch {
            Terminal.complain("magenta hook: \(error)")
        }
    }

    /// The event as it came, cut down to what the server needs.
    private func body(until deadline: ContinuousClock.Instant) throws -> JSONValue {
        var body: JSONObject = ["event": .string(event), "max_tokens": .integer(Int64(maxTokens))]
        let bytes = isatty(STDIN_FILENO) == 1 ? [] : try Self.input(until: deadline)
        guard !bytes.isEmpty else {
            // Run by hand: the directory is the session's.
            body["cwd"] = getcwd(nil, 0).map { path in
                defer { free(path) }
                return .string(String(cString: path))
            }
            return .object(body)
        }
        let reader = JSONReader(loneSurrogates: .replace, refusesDuplicateKeys: false)
        guard let event = try? reader.read(bytes), case .object(let object) = event else {
            throw HookFailure("what came on standard input is no JSON object")
        }
        for field in Self.fields {
            if let text = object[field]?.string, text.utf8.count <= 4096 { body[field] = .string(text) }
        }
        return .object(body)
    }

    private static func input(until deadline: ContinuousClock.Instant) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            guard DescriptorWait.isReadable(STDIN_FILENO, until: deadline) else { throw HookFailure("standard input does not end") }
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
            guard bytes.count <= inputLimit else { throw HookFailure("more than \(inputLimit) bytes came on standard input") }
        }
    }

    private static func token(_ path: String) throws -> String {
        let token = try TokenFile.text(path)
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw HookFailure("the token file \(path) holds no token that a header could carry")
        }
        return token
    }

    private func check(_ reply: HTTPReply) throws {
        switch reply.status {
        case 200..<300: return
        case 0: throw HookFailure("what answers at \(to.prefix(200)) speaks no HTTP")
        case 401, 403: throw HookFailure("the server wants a token with the scope \"read\" (HTTP \(reply.status)). Fix: --token-file FILE")
        case let status: throw HookFailure("the server answered HTTP \(status). Fix: magenta doctor")
        }
    }

    /// What goes before the model: nothing but text that says of itself that it is quoted memory, so that capture knows it again.
    private static func context(_ body: [UInt8]) -> String? {
        guard body.count <= outputLimit, let text = String(validating: body, as: UTF8.self) else { return nil }
        return text.hasPrefix(RecallAnswer.mark) ? text : nil
    }

    /// Ends the process with exit code 0 when the time is up, whatever it waits for then: a resolver, a token on a dead disk, a reader.
    private static func endProcess(after time: Duration) {
        // Nothing but _exit: signal-safety(7).
        signal(SIGALRM) { _ in _exit(0) }
        signal(SIGPIPE, SIG_IGN)
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGALRM)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        var timer = itimerval()
        timer.it_value.tv_sec = time_t(time.components.seconds)
        timer.it_value.tv_usec = suseconds_t(time.components.attoseconds / 1_000_000_000_000)
        #if canImport(Glibc)
            setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
        #else
            setitimer(ITIMER_REAL, &timer, nil)
        #endif
    }
}
