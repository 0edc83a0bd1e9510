#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A program that a test started: its first line of output is read, and the end of its input is its order to stop.
struct ChildProcess: ~Copyable {
    private let id: pid_t
    private let input: CInt
    private let output: CInt

    struct StartError: Error {
        var code: CInt
        var program: String
    }

    init(_ arguments: [String]) throws {
        var toChild: [CInt] = [0, 0]
        var fromChild: [CInt] = [0, 0]
        // Closed on exec from the start: a child of another test that inherits the end our input is written to would hold it open.
        #if canImport(Glibc)
            let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        #elseif canImport(Musl)
            let kind = SOCK_STREAM | SOCK_CLOEXEC
        #else
            let kind = SOCK_STREAM
        #endif
        guard socketpair(AF_UNIX, kind, 0, &toChild) == 0, socketpair(AF_UNIX, kind, 0, &fromChild) == 0 else {
            throw StartError(code: errno, program: "socketpair")
        }
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
        var strings: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        var child: pid_t = 0
        let code = posix_spawnp(&child, arguments[0], &actions, nil, &strings, environ)
        close(toChild[0])
        close(fromChild[1])
        guard code == 0 else {
            close(toChild[1])
            close(fromChild[0])
            throw StartError(code: code, program: arguments[0])
        }
        id = child
        input = toChild[1]
        output = fromChild[0]
    }

    /// Everything up to the first line's end, or to the end of the output.
    func line() -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1, byte != UInt8(ascii: "\n") { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Ends its input and waits for it.
    consuming func stop() -> CInt {
        close(input)
        var status: CInt = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        close(output)
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }
}

/// Runs a program to its end. What it prints on stdout is left unread beyond one line.
@discardableResult
func run(_ arguments: String...) throws -> CInt {
    let child = try ChildProcess(arguments)
    _ = child.line()
    return child.stop()
}
