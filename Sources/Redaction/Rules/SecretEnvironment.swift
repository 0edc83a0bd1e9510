/// The secrets in a process's environment: what the variables with telling names hold.
package enum SecretEnvironment {
    /// Names whose values are taken without a setting.
    package static let standardNames = [
        "*_TOKEN", "*_KEY", "*_SECRET", "*PASSWORD*", "*PASSWD*", "*PASSPHRASE*", "*_PASS", "*_PWD", "*_PAT", "*_CREDENTIAL", "*_AUTH", "TOKEN",
        "SECRET",
        "API_KEY",
    ]
    /// Shorter ones are words and numbers too often.
    package static let minimumLength = 8

    /// The values worth looking for. Words, paths, addresses and settings such as `true` would blot out ordinary text, and are passed over.
    ///
    /// - Parameter names: names of variables, `*` for any characters, without regard to capitals.
    package static func values(in environment: [String: String], names: [String] = standardNames) -> [String] {
        var result: Set<String> = []
        for (name, value) in environment where isSecret(value) && names.contains(where: { matches(name, $0) }) { result.insert(value) }
        return result.sorted()
    }

    private static func isSecret(_ value: String) -> Bool {
        guard (minimumLength...Redactor.maximumValueLength).contains(value.utf8.count) else { return false }
        guard value.utf8.count(where: { $0 > 0x20 }) >= minimumLength else { return false }
        let small = value.lowercased()
        guard !small.hasPrefix("/"), !small.hasPrefix("./"), !small.hasPrefix("~"), !small.contains("://") || small.contains("@") else {
            return false
        }
        // One word, or words and numbers: `production`, `my-key-2`, `12345678`.
        if value.utf8.allSatisfy(ByteSet.digits.contains) { return value.utf8.count >= 12 }
        return !StandIn.isStandIn(small) && (Likeness.surprise(Array(value.utf8)) >= 12)
    }

    /// `*` stands for any number of characters; one pass, since only the last `*` has to be tried again.
    static func matches(_ name: String, _ pattern: String) -> Bool {
        let (name, pattern) = (Array(name.uppercased().utf8), Array(pattern.uppercased().utf8))
        var (index, place) = (0, 0)
        var star: (index: Int, place: Int)?
        while index < name.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (index, place)
                place += 1
            } else if place < pattern.count, pattern[place] == name[index] {
                index += 1
                place += 1
            } else if let last = star {
                star = (last.index + 1, last.place)
                (index, place) = (last.index + 1, last.place + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
