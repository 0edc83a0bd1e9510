/// A name that says that the value beside it is a secret: `DB_PASSWORD`, `apiKey`, `client-secret`.
struct TellingName: Sendable {
    enum Kind: Sendable {
        /// Chosen by a person: a digit among letters will do.
        case password
        /// Made by a machine: it must look drawn at random.
        case secret
        /// `auth`, which many things are called: its value must be base64 of `name:secret`.
        case encoded
    }

    let kind: Kind
    /// Where it begins.
    let start: Int
    /// In small letters, without what joins its words.
    let compact: String
    /// Whether it is an option of a command line.
    let isFlag: Bool

    static let maximumLength = 64

    /// Every way in which a telling name ends, in its last two letters.
    static let endings = ["rd", "wd", "se", "de", "ss", "en", "et", "ey", "al", "ls", "th", "at", "ta", "on"]

    private static let joints = ByteSet("_-.")
    private static let members = ByteSet.alphanumeric.union(joints)

    /// The last words of names, the commonest first.
    private static let passwords = ["password", "passwd", "passphrase", "passcode", "pwd"]
    private static let secrets = [
        "token", "secret", "apikey", "accesskey", "secretkey", "privatekey", "credential", "credentials", "encryptionkey", "signingkey",
        "authkey", "accountkey", "masterkey", "sharedkey", "servicekey", "clientkey", "consumerkey", "appkey", "applicationkey", "storagekey",
        "adminkey", "deploykey", "webhookkey", "hmackey", "jwtkey", "cookiekey", "licensekey", "licencekey", "subscriptionkey", "secretkeybase",
        "clientkeydata", "writekey", "readkey", "ingestkey", "integrationkey", "routingkey", "serverkey", "functionkey", "connectionkey",
        "rolekey", "rootkey", "userkey", "teamkey", "botkey", "projectkey", "cryptkey", "xikey", "authorization",
    ]
    /// Tokens that are positions in a list or in a text, or names of a request, and keys that everybody may see.
    private static let harmless = [
        "pagetoken", "nexttoken", "continuationtoken", "cancellationtoken", "canceltoken", "progresstoken", "synctoken", "resumetoken", "stoptoken",
        "starttoken", "endtoken", "eostoken", "bostoken", "padtoken", "masktoken", "septoken", "unktoken", "specialtoken", "paginationtoken",
        "changetoken",
        "idempotencytoken", "cursortoken", "lexertoken", "publictoken",
    ]

    /// The end of a name, as a number: its last four letters in small letters.
    private static func tail(_ text: StaticString) -> UInt32 {
        (0..<text.utf8CodeUnitCount).reduce(0) { $0 << 8 | UInt32(text.utf8Start[$1]) }
    }

    private static let tails: [UInt32] = [
        tail("word"), tail("oken"), tail("cret"), tail("sswd"), tail("pass"), tail("auth"), tail("tial"), tail("ials"), tail("rase"), tail("code"),
        tail("tion"), tail("data"), tail("base"),
    ]
    private static let shortTails: [UInt32] = [tail("key"), tail("pwd"), tail("pat")]

    /// What tells most words from telling names, before anything is copied.
    private static func mayEnd(_ tail: UInt32) -> Bool {
        tails.contains(tail) || shortTails.contains(tail & 0xFF_FFFF)
    }

    /// The telling name whose last byte stands before `end`.
    init?(in bytes: UnsafeRawBufferPointer, endingAt end: Int) {
        guard end >= 4 else {
            guard end == 3 else { return nil }
            self.init(checked: bytes, endingAt: end)
            return
        }
        var tail: UInt32 = 0
        for byte in bytes[end - 4..<end] { tail = tail << 8 | UInt32((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) }
        guard Self.mayEnd(tail) else { return nil }
        self.init(checked: bytes, endingAt: end)
    }

    private init?(checked bytes: UnsafeRawBufferPointer, endingAt end: Int) {
        var start = Self.members.runStart(in: bytes, to: end, limit: Self.maximumLength)
        // `API key: ...` is two words.
        if end - start == 3, start > 1, bytes[start - 1] == UInt8(ascii: " ") {
            let before = Self.members.runStart(in: bytes, to: start - 1, limit: 16)
            if start - 1 - before >= 3 { start = before }
        }
        // `\nPASSWORD` in escaped text: the letter belongs to the escape.
        if start > 0, bytes[start - 1] == UInt8(ascii: "\\"), end - start > 4, bytes[start] | 0x20 == bytes[start] { start += 1 }
        var name: [UInt8] = []
        name.reserveCapacity(end - start)
        for byte in bytes[start..<end] where ByteSet.alphanumeric.contains(byte) {
            name.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        }
        let isJoined: (Int) -> Bool = { length in
            let place = end - length
            return place <= start || Self.joints.contains(bytes[place - 1]) || bytes[place - 1] == UInt8(ascii: "-")
        }
        guard let kind = Self.kind(of: name, isJoined: isJoined) else { return nil }
        self.kind = kind
        self.start = start
        compact = String(decoding: name, as: UTF8.self)
        isFlag = bytes[start] == UInt8(ascii: "-")
    }

    /// The name alone, as a key of JSON holds it.
    init?(_ name: String) {
        let utf8 = name.utf8
        guard (3...Self.maximumLength).contains(utf8.count) else { return nil }
        var tail: UInt32 = 0
        for byte in utf8.suffix(4) { tail = tail << 8 | UInt32((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) }
        guard Self.mayEnd(tail) else { return nil }
        var name = name
        let found = name.withUTF8 { TellingName(in: UnsafeRawBufferPointer($0), endingAt: $0.count) }
        guard let found, found.start == 0 else { return nil }
        self = found
    }

    private static func kind(of name: [UInt8], isJoined: (Int) -> Bool) -> Kind? {
        func ends(_ word: String) -> Bool {
            let word = word.utf8
            return name.count >= word.count && name[(name.count - word.count)...].elementsEqual(word)
        }
        if passwords.contains(where: ends) { return .password }
        if ends("pass"), isJoined(4) { return .password }
        if ends("auth"), isJoined(4) { return .encoded }
        guard secrets.contains(where: ends) || ends("pat") && name.count > 3 && isJoined(3) else { return nil }
        return harmless.contains(where: ends) ? nil : .secret
    }
}
