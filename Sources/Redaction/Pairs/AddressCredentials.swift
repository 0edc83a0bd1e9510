/// Passwords within URLs and lines that name a server.
enum AddressCredentials {
    static let procedures: [CredentialProcedure] = [
        CredentialProcedure(
            [.connectionPassword, .urlPassword, "sentry-dsn"], "URLs with user and password (RFC 3986 section 3.2.1), and Sentry's DSN",
            looks: "`scheme://user:password@host`; only the password is replaced", anchors: ["://"]
        ) { bytes, start, _ in address(in: bytes, at: start) },
        CredentialProcedure(
            ["pgpass"], "PostgreSQL, lines of .pgpass", looks: "`host:5432:database:user:password`", anchors: [":5432:"]
        ) { bytes, start, _ in passFile(in: bytes, at: start) },
        CredentialProcedure(
            ["user-argument"], "curl and others, user and password on the command line", looks: "`-u user:password`, `--user user:password`",
            anchors: [" -u ", "--user ", "--user="]
        ) { bytes, start, _ in userArgument(in: bytes, at: start) },
    ]

    private static let databases: Set<String> = [
        "postgres", "postgresql", "mysql", "mysql2", "mariadb", "mongodb", "redis", "rediss", "valkey", "amqp", "amqps", "mssql",
        "sqlserver", "clickhouse", "cockroachdb", "nats", "kafka", "ldap", "ldaps", "smtp", "smtps", "imap", "imaps", "mqtt", "mqtts", "oracle",
        "snowflake", "neo4j", "bolt", "cassandra", "couchbase", "db2", "influxdb", "ftp", "sftp",
    ]
    private static let schemeBytes = ByteSet.alphanumeric.union(ByteSet("+.-"))
    /// What ends the part of a URL that names user and host.
    private static let stops = ByteSet(" \t\n\r\"'`/?#\\,;|()[]")
    private static let maximumLength = 1024

    private static func address(in bytes: UnsafeRawBufferPointer, at colon: Int) -> [Found] {
        let schemeStart = schemeBytes.runStart(in: bytes, to: colon, limit: 24)
        guard colon - schemeStart >= 2 else { return [] }
        let start = colon + 3
        var (separator, at): (Int?, Int?) = (nil, nil)
        var index = start
        let limit = min(bytes.count, start + maximumLength)
        while index < limit, !stops.contains(bytes[index]) {
            if bytes[index] == UInt8(ascii: ":"), separator == nil { separator = index }
            if bytes[index] == UInt8(ascii: "@") { at = index }
            index += 1
        }
        guard let at, at > start, at + 1 < index, at - start < 512 else { return [] }
        let host = UnsafeRawBufferPointer(rebasing: bytes[at + 1..<index])
        guard ByteSet.alphanumeric.contains(host[0]) || host[0] == UInt8(ascii: "$") || host[0] == UInt8(ascii: "{") else { return [] }
        let scheme = String(decoding: bytes[schemeStart..<colon], as: UTF8.self).lowercased()
        guard let separator, separator < at else {
            let user = UnsafeRawBufferPointer(rebasing: bytes[start..<at])
            guard user.count == 32, user.allSatisfy(ByteSet.hex.contains), String(decoding: host, as: UTF8.self).contains("sentry") else { return [] }
            return [.surrounded("sentry-dsn", start..<at)]
        }
        let password = separator + 1..<at
        // `docker://image:tag@sha256:...`
        guard !TokenRun.hasPrefix("sha256:", in: bytes, at: at + 1) else { return [] }
        guard isSecret(password, user: start..<separator, in: bytes) else { return [] }
        // `postgresql+psycopg2`; the end alone, since `\n` and colours leave a letter before the scheme.
        let driven = scheme.split(separator: "+").first.map(String.init) ?? scheme
        let isDatabase = databases.contains { driven.hasSuffix($0) }
        return [.surrounded(isDatabase ? .connectionPassword : .urlPassword, password)]
    }

    private static func isSecret(_ password: Range<Int>, user: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Bool {
        guard password.count >= 3 else { return false }
        let text = UnsafeRawBufferPointer(rebasing: bytes[password])
        guard Placeholder.end(in: text, at: 0) != text.count else { return false }
        let small = String(decoding: text, as: UTF8.self).lowercased()
        // What is in the password's place and equal to the user is a default of some image that everybody knows.
        return !StandIn.isStandIn(small) && !small.hasPrefix("{") && small != String(decoding: bytes[user], as: UTF8.self).lowercased()
            && Likeness.isVaried(text)
    }

    /// PostgreSQL's manual, "The Password File": five fields between colons, `:` and `\` escaped.
    private static func passFile(in bytes: UnsafeRawBufferPointer, at colon: Int) -> [Found] {
        guard colon > 0, ByteSet.alphanumeric.contains(bytes[colon - 1]) || bytes[colon - 1] == UInt8(ascii: "*") else { return [] }
        let field = ByteSet.alphanumeric.union(ByteSet("_-*"))
        let database = field.runEnd(in: bytes, from: colon + 6, limit: 64)
        guard database > colon + 6, database < bytes.count, bytes[database] == UInt8(ascii: ":") else { return [] }
        let user = field.runEnd(in: bytes, from: database + 1, limit: 64)
        guard user > database + 1, user < bytes.count, bytes[user] == UInt8(ascii: ":") else { return [] }
        let limit = min(bytes.count, user + 256)
        let end = bytes[user + 1..<limit].firstIndex { isEnd($0) } ?? limit
        guard isSecret(user + 1..<end, user: database + 1..<user, in: bytes) else { return [] }
        return [.surrounded("pgpass", user + 1..<end)]
    }

    private static func isEnd(_ byte: UInt8) -> Bool {
        byte <= 0x20 || [UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`")].contains(byte)
    }

    private static func userArgument(in bytes: UnsafeRawBufferPointer, at anchor: Int) -> [Found] {
        var index = anchor + (bytes[anchor] == UInt8(ascii: " ") ? 4 : 7)
        while index < bytes.count, [UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'")].contains(bytes[index]) { index += 1 }
        let user = ByteSet.alphanumeric.union(ByteSet("_-.@+")).runEnd(in: bytes, from: index, limit: 128)
        guard user > index, user < bytes.count, bytes[user] == UInt8(ascii: ":") else { return [] }
        let limit = min(bytes.count, user + 256)
        let end =
            bytes[user + 1..<limit].firstIndex { isEnd($0) }
            ?? limit
        let password = user + 1..<end
        // `-u 1000:1000` is a user and a group.
        guard isSecret(password, user: index..<user, in: bytes), bytes[password.lowerBound] != UInt8(ascii: ":"),
            bytes[password].contains(where: { !ByteSet.digits.contains($0) }),
            bytes[password].contains(where: { !(0x61...0x7A).contains($0) })
        else { return [] }
        return [.surrounded("user-argument", password)]
    }
}
