#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Another program, run to its end with this process's output. Blocks: for commands of a terminal only.
enum ExternalCommand {
    /// - Returns: its exit code, or `nil` where it cannot be started or a signal ended it.
    static func run(_ arguments: [String], environment: [String: String]) -> CInt? {
        guard let program = arguments.first else { return nil }
        var argumentPointers = arguments.map { strdup($0) } + [nil]
        var environmentPointers = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }
        var pid: pid_t = 0
        guard posix_spawnp(&pid, program, nil, nil, &argumentPointers, &environmentPointers) == 0 else { return nil }
        var word: CInt = 0
        while waitpid(pid, &word, 0) < 0 { guard errno == EINTR else { return nil } }
        // WIFEXITED is a macro, which Swift does not import.
        return word & 0x7F == 0 ? (word >> 8) & 0xFF : nil
    }

    /// As a person types it.
    static func line(_ arguments: [String]) -> String {
        arguments.map { text in
            text.contains { " \t\"'\\$&|;<>()*?[]#~`".contains($0) } ? "'\(text.replacing("'", with: "'\\''"))'" : text
        }.joined(separator: " ")
    }
}
