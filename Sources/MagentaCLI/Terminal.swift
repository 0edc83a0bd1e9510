import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Results go to stdout, talk to stderr. A reader that went away ends the output, quietly. A terminal gets no control characters
/// (``TerminalText``).
enum Terminal {
    static func print(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    static func print(_ value: JSONValue) {
        print(value.description)
    }

    /// Without a line break of its own.
    static func write(_ text: String) {
        write(text, to: STDOUT_FILENO)
    }

    static func complain(_ text: String) {
        write(text + "\n", to: STDERR_FILENO)
    }

    /// Shows a line in place of the one before, where a terminal looks on.
    static func progress(_ text: String) {
        guard isTerminal else { return }
        writeRaw("\r\u{1B}[K\(TerminalText.shown(text))", to: STDERR_FILENO)
    }

    static func endProgress() {
        progress("")
    }

    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    private static func write(_ text: String, to descriptor: Int32) {
        writeRaw(isatty(descriptor) == 1 ? TerminalText.shown(text) : text, to: descriptor)
    }

    private static func writeRaw(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                #if canImport(Glibc)
                    let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
                #elseif canImport(Musl)
                    let written = Musl.write(descriptor, rest.baseAddress, rest.count)
                #else
                    let written = Darwin.write(descriptor, rest.baseAddress, rest.count)
                #endif
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
            }
        }
    }
}
