import BinaryTesting
import Testing

/// What is stored may hold escape sequences; a terminal must not obey them.
@Suite("Stored text on a terminal", .enabled(if: Components.magenta != nil, "no magenta binary"))
struct TerminalTests {
    /// Runs the arguments with a terminal as standard output and error, and copies what they write.
    private static let pseudoTerminal = """
        import os, pty, sys
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(sys.argv[1], sys.argv[1:])
        data = b""
        while True:
            try:
                part = os.read(terminal, 65536)
            except OSError:
                break
            if not part:
                break
            data += part
        os.waitpid(pid, 0)
        sys.stdout.buffer.write(data)
        """

    @Test("A terminal is shown control characters and obeys none; a pipe gets the bytes", .enabled(if: Components.python != nil, "no python3"))
    func controls() async throws {
        try await Scratch.with { scratch in
            let python = try #require(Components.python)
            let magenta = try #require(Components.magenta)
            var transcript = Transcript()
            transcript.prompt(1, "lighthouse \u{1B}[31mred\u{1B}[0m \u{1B}]0;title\u{07}\u{1B}]52;c;aGk=\u{07} \u{9B}2J one\rtwo \u{202E}back")
            try scratch.write(transcript.lines.joined(separator: "\n") + "\n", to: "transcripts/-zoo/\(Transcript.session).jsonl")
            let store = scratch.path("memory.sqlite")
            _ = try await Magenta.run(["import", scratch.path("transcripts"), "--store", store], in: scratch)

            let piped = try await Magenta.run(["search", "lighthouse", "--store", store], in: scratch)
            #expect(piped.contains("\u{1B}]0;title\u{07}"), "the positive control: it is stored as it was said")

            let arguments = [python, "-c", Self.pseudoTerminal, magenta, "search", "lighthouse", "--store", store]
            let process = try ChildProcess(arguments, environment: ["HOME": scratch.root], in: scratch)
            #expect(try await process.exit(within: .seconds(20)) == .code(0))
            let shown = process.outputText
            #expect(shown.contains("lighthouse red ^[]0;title^G^[]52;c;aGk=^G \\u{9b}2J one^Mtwo \\u{202e}back"), "\(shown)")
            // The terminal itself makes each line feed a CR LF.
            #expect(
                !shown.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n" && $0 != "\r" && $0 != "\t") || (0x7F..<0xA0).contains($0.value) })
        }
    }
}
