/// Passwords on the command lines of programs that take them behind a short option, or from a pipe.
enum ProgramArguments {
    static let procedures: [CredentialProcedure] = [
        CredentialProcedure(
            ["password-argument"], "Passwords on command lines",
            looks: "`mysql -pPASSWORD`, `sshpass -p PASSWORD`, `docker login -p PASSWORD`, `echo 'user:PASSWORD' | chpasswd` and their like",
            anchors: programs.map(\.name.description) + ["chpasswd"]
        ) { bytes, start, _ in
            TokenRun.hasPrefix("chpasswd", in: bytes, at: start) ? piped(in: bytes, before: start) : find(in: bytes, at: start)
        }
    ]

    private struct Program {
        /// How its name begins; `mysql` is mysqldump and mysqladmin too.
        var name: StaticString
        /// Each with whether the value follows at once, without a space.
        var options: [(text: StaticString, isAttached: Bool)]

        init(_ name: StaticString, _ options: [StaticString] = [], attached: [StaticString] = []) {
            self.name = name
            self.options = options.map { ($0, false) } + attached.map { ($0, true) }
        }
    }

    private static let programs: [Program] = [
        Program("mysql", attached: ["-p"]), Program("mariadb", attached: ["-p"]), Program("7z ", attached: ["-p"]),
        Program("7za ", attached: ["-p"]), Program("sshpass", ["-p"], attached: ["-p"]), Program("docker login", ["-p"]),
        Program("podman login", ["-p"]), Program("nerdctl login", ["-p"]), Program("skopeo login", ["-p"]), Program("oras login", ["-p"]),
        Program("helm registry login", ["-p"]), Program("mongosh ", ["-p"]), Program("mongo ", ["-p"]), Program("mongodump", ["-p"]),
        Program("mongorestore", ["-p"]), Program("mongoimport", ["-p"]), Program("mongoexport", ["-p"]), Program("zip ", ["-P"]),
        Program("unzip ", ["-P"]), Program("sqlcmd ", ["-P"]), Program("redis-cli", ["-a"]), Program("valkey-cli", ["-a"]),
        Program("ldapsearch", ["-w"]), Program("ldapadd", ["-w"]), Program("ldapmodify", ["-w"]), Program("ldapwhoami", ["-w"]),
        Program("openssl ", ["-k"], attached: ["-pass pass:", "-passin pass:", "-passout pass:"]),
    ]
    private static let maximumCommand = 512
    private static let maximumValue = 256

    private static func find(in bytes: UnsafeRawBufferPointer, at start: Int) -> [Found] {
        if start > 0, ByteSet.alphanumeric.union(ByteSet("_-.")).contains(bytes[start - 1]) { return [] }
        guard let program = programs.last(where: { TokenRun.hasPrefix($0.name, in: bytes, at: start) }) else { return [] }
        var result: [Found] = []
        let limit = min(bytes.count, start + maximumCommand)
        var index = start + program.name.utf8CodeUnitCount - 1
        while index + 2 < limit, !endsCommand(bytes, index) {
            defer { index += 1 }
            guard bytes[index] == UInt8(ascii: " "), bytes[index + 1] == UInt8(ascii: "-") else { continue }
            for option in program.options where TokenRun.hasPrefix(option.text, in: bytes, at: index + 1) {
                guard let value = value(behind: index + 1 + option.text.utf8CodeUnitCount, isAttached: option.isAttached, in: bytes) else { continue }
                result.append(.surrounded("password-argument", value))
                index = value.upperBound - 1
                break
            }
        }
        return result
    }

    private static func value(behind end: Int, isAttached: Bool, in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        var start = end
        if !isAttached {
            guard start < bytes.count, bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "=") else { return nil }
            while start < bytes.count, start - end < 8, bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "=") { start += 1 }
        }
        while start < bytes.count, start - end < 16, isQuote(bytes[start]) { start += 1 }
        let limit = min(bytes.count, start + maximumValue)
        guard start < limit else { return nil }
        let stop = bytes[start..<limit].firstIndex { $0 <= 0x20 || isQuote($0) } ?? limit
        return isPassword(UnsafeRawBufferPointer(rebasing: bytes[start..<stop])) ? start..<stop : nil
    }

    /// `echo 'user:password' | chpasswd`
    private static func piped(in bytes: UnsafeRawBufferPointer, before anchor: Int) -> [Found] {
        let first = max(0, anchor - maximumCommand)
        var end = anchor
        // A path, `sudo` and the like may stand between.
        while end > first, bytes[end - 1] != UInt8(ascii: "|"), bytes[end - 1] != 0x0A { end -= 1 }
        guard end > first, bytes[end - 1] == UInt8(ascii: "|") else { return [] }
        end -= 1
        while end > first, bytes[end - 1] == UInt8(ascii: " ") || isQuote(bytes[end - 1]) { end -= 1 }
        var start = end
        while start > first, bytes[start - 1] > 0x20, !isQuote(bytes[start - 1]) { start -= 1 }
        guard let colon = bytes[start..<end].firstIndex(of: UInt8(ascii: ":")), colon > start, colon + 1 < end else { return [] }
        return isPassword(UnsafeRawBufferPointer(rebasing: bytes[colon + 1..<end])) ? [.surrounded("password-argument", colon + 1..<end)] : []
    }

    private static func endsCommand(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        switch bytes[index] {
        case 0x0A, UInt8(ascii: ";"), UInt8(ascii: "|"): true
        case UInt8(ascii: "&"): bytes[index + 1] == UInt8(ascii: "&")
        case UInt8(ascii: "\\"): bytes[index + 1] == UInt8(ascii: "n")
        default: false
        }
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
    }

    /// Something else than words, a number, a variable or a path.
    private static func isPassword(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count >= 4, Likeness.isVaried(text), Placeholder.end(in: text, at: 0) != text.count, !StandIn.isMember(text) else { return false }
        let marks = ByteSet("!@#$%^&*?+~=.-_")
        let letters = text.contains { ByteSet.alphanumeric.contains($0) && !ByteSet.digits.contains($0) }
        let others = text.contains { ByteSet.digits.contains($0) || marks.contains($0) && $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ".") }
        let isPath = text.contains(UInt8(ascii: "/")) && Likeness.surprise(text) < 30
        return letters && others && !isPath && !StandIn.isStandIn(String(decoding: text, as: UTF8.self).lowercased())
    }
}
