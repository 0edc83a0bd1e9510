/// The command line of a hook, as magenta writes it into Claude Code's settings and knows it again.
package struct HookCommandLine: Sendable, Hashable {
    /// The events that magenta answers.
    package static let events = ["SessionStart", "PreCompact", "SessionEnd"]

    package var executable: String
    package var event: String
    package var arguments: [String]

    package init(executable: String, event: String, arguments: [String] = []) {
        self.executable = executable
        self.event = event
        self.arguments = arguments
    }

    /// As a POSIX shell takes it.
    package var text: String { ([executable, "hook", event] + arguments).map(Self.quoted).joined(separator: " ") }

    /// Whether somebody's magenta is run for a hook, wherever that binary is and whatever options follow.
    ///
    /// - Parameter arguments: what an entry passes beside its command.
    static func isOwn(_ command: String, arguments: [String] = []) -> Bool {
        var words = (arguments.isEmpty ? Self.words(of: command) : [command] + arguments)[...]
        // Variables that are set for the command.
        if words.first == "env" { words = words.dropFirst() }
        while let word = words.first, let sign = word.firstIndex(of: "="), !word[..<sign].contains("/") { words = words.dropFirst() }
        words = words.prefix(3)
        guard words.count == 3, let program = words.first, words.dropFirst().first == "hook", let event = words.last else { return false }
        let name = program.split(separator: "/").last ?? ""
        return (name == "magenta" || name.hasPrefix("magenta-")) && events.contains(event)
    }

    private static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case let other: "/.-_:=+,@%".utf8.contains(other)
                }
            }
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }

    /// Splits a command at its spaces, with quotes and backslashes as a shell has them; operators and expansions are words like others.
    private static func words(of command: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in command {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        return words
    }
}
