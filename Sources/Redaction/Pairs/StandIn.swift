/// What stands where a secret would stand and is none: examples, variables, words of a manual.
enum StandIn {
    private static let parts = [
        "your", "example", "placeholder", "changeme", "change-me", "change_me", "replace", "xxxx", "****", "....", "dummy", "redacted", "todo",
        "fixme", "foobar", "lorem", "sample", "masked", "insert", "-here", "_here", "process.env", "os.environ", "getenv", "secrets.", "env.",
        "{{", "${", "$(", "#{", "%(", "\\(", "<", "...", "…", "•", "not-a-real", "notreal", "abcdefgh", "fake-", "fake_",
    ]
    private static let heads = [
        "$", "%", "&", "/", "./", "../", "~/", "http:", "https:", "file:", "vault:", "arn:", "env:", "ref+", "op://", "ssm:", "!",
    ]
    /// Whole values, in small letters.
    private static let words: Set<String> = [
        "password", "passwd", "pass", "passphrase", "pwd", "secret", "token", "user", "username", "admin", "root", "guest", "test", "none", "null",
        "nil", "true", "false", "undefined", "required", "optional", "string", "string?", "hidden", "empty", "default", "foo", "bar", "baz",
        "postgres", "postgresql", "mysql", "mariadb", "mongodb", "redis", "rabbitmq", "localhost", "pw", "abc123", "p4ssw0rd", "password1",
        "sha1", "sha256", "sha512", "sha-256", "sha-512", "md5", "bcrypt", "scrypt", "argon2", "argon2i", "argon2id", "pbkdf2", "base64", "utf8",
        "utf-8", "utf8mb4", "ascii",
        "oauth2", "hs256", "rs256", "es256", "int32", "int64", "uint8", "uint32", "uint64", "float64", "x509", "ed25519", "hunter2",
    ]

    /// - Parameter text: the value in small letters.
    static func isStandIn(_ text: String) -> Bool {
        words.contains(text) || heads.contains { text.hasPrefix($0) } || parts.contains { text.contains($0) }
    }

    /// Whether the text is words and small numbers joined by dots, as members of code are: `self.password2`, `args.db.pwd`.
    static func isMember(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let dot = text.firstIndex(of: UInt8(ascii: ".")), dot > 0, dot + 1 < text.count else { return false }
        return ByteSet.alphanumeric.contains(text[dot + 1]) && !ByteSet.digits.contains(text[0]) && Likeness.surprise(text) < 30
    }

    /// RFC 9562: 8-4-4-4-12 hexadecimal digits.
    static func isUUID(_ text: UnsafeRawBufferPointer) -> Bool {
        text.count == 36
            && text.enumerated().allSatisfy { place, byte in
                [8, 13, 18, 23].contains(place) ? byte == UInt8(ascii: "-") : ByteSet.hex.contains(byte)
            }
    }
}
