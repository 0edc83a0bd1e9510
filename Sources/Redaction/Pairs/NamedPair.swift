/// Values beside telling names.
enum NamedPair {
    static let procedures: [CredentialProcedure] = [
        CredentialProcedure(
            [.password, .namedSecret, "docker-auth"] + BesideName.all.map(\.shape),
            "Values beside names such as `password`, `api_key` or `client_secret`",
            looks: "`NAME=value`, `name: value`, `\"name\": \"value\"`, `--name value`, `<name>value</name>`, also escaped", anchors: anchors
        ) { bytes, start, _ in find(in: bytes, at: start) }
    ]

    /// The last two letters of a name and what may follow it.
    private static var anchors: [String] {
        TellingName.endings.flatMap { [$0, $0.uppercased()] }.flatMap { ending in
            ["=", ":", "\"", "'", "`", "\\", " ", "\t", ">", "*"].map { ending + $0 }
        }
    }

    private static func find(in bytes: UnsafeRawBufferPointer, at start: Int) -> [Found] {
        let end = start + 2
        guard let name = TellingName(in: bytes, endingAt: end), let value = PairValue(behind: name, endingAt: end, in: bytes) else { return [] }
        return found(name, value, in: bytes).map { [$0] } ?? []
    }

    /// The secret in a member of a JSON object.
    static func found(key: TellingName, value: UnsafeRawBufferPointer) -> Found? {
        found(key, PairValue(whole: value), in: value)
    }

    private static func found(_ name: TellingName, _ value: PairValue, in bytes: UnsafeRawBufferPointer) -> Found? {
        guard let shape = shape(name, value, in: bytes) else { return nil }
        let text = UnsafeRawBufferPointer(rebasing: bytes[value.range])
        var found = Found(shape, value.range, secret: value.secret(in: bytes))
        found.name = name.compact
        found.knownBy = .surroundings
        found.isWeak = shape == .password && (text.count < 12 || !Likeness.isRandom(text))
        return found
    }

    private static func shape(_ name: TellingName, _ value: PairValue, in bytes: UnsafeRawBufferPointer) -> RedactionShape? {
        let text = UnsafeRawBufferPointer(rebasing: bytes[value.range])
        // Of 4096 characters and more, none is typed or handed out as a token.
        guard (6..<PairValue.maximumLength).contains(text.count), !text.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return nil }
        if name.kind == .encoded {
            return Base64Text.saysNameAndSecret(bytes, value.range) ? "docker-auth" : nil
        }
        let small = String(decoding: text, as: UTF8.self).lowercased()
        // An address or a connection string has its password looked for by itself, so that the rest stays readable.
        guard !small.contains("://"), !(small.contains(";") && small.contains("=")) else { return nil }
        guard Placeholder.end(in: text, at: 0) == nil, !StandIn.isStandIn(small) else { return nil }
        if let row = BesideName.row(name: name.compact, value: value.range, in: bytes), Likeness.isVaried(text), !isWordy(text) {
            return row.shape
        }
        if StandIn.isUUID(text) {
            return name.kind == .password || name.compact.contains("secret") || name.compact.contains("apikey") ? .namedSecret : nil
        }
        switch name.kind {
        case .secret: return isSecret(text, value) ? .namedSecret : nil
        case .password: return isPassword(text, value) ? .password : nil
        case .encoded: return nil
        }
    }

    /// Words, or one number.
    private static func isWordy(_ text: UnsafeRawBufferPointer) -> Bool {
        !text.contains(where: ByteSet.digits.contains) && Likeness.surprise(text) < 25 || text.allSatisfy(ByteSet.digits.contains)
    }

    private static func isSecret(_ text: UnsafeRawBufferPointer, _ value: PairValue) -> Bool {
        guard text.count >= 10, Likeness.isVaried(text), !isWordy(text), !StandIn.isMember(text) else { return false }
        if value.isCode { return text.count >= 20 && Likeness.surprise(text) >= 50 }
        if text.count >= 16 { return Likeness.isRandom(text) }
        return value.form != .spaced && Likeness.surprise(text) >= 40 && text.contains(where: ByteSet.digits.contains)
    }

    private static func isPassword(_ text: UnsafeRawBufferPointer, _ value: PairValue) -> Bool {
        guard !value.isCode, Likeness.isVaried(text) else { return false }
        var (letters, digits, marks, slashes) = (0, 0, 0, 0)
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...: letters += 1
            case UInt8(ascii: "!"), UInt8(ascii: "@"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "^"), UInt8(ascii: "&"),
                UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "+"), UInt8(ascii: "~"), UInt8(ascii: "="):
                marks += 1
            case UInt8(ascii: "/"): slashes += 1
            default: break
            }
        }
        let surprise = Likeness.surprise(text)
        if text.count >= 12, Likeness.isRandom(text), !isWordy(text) { return true }
        guard letters > 0, digits + marks > 0, slashes == 0 || surprise >= 30, !StandIn.isMember(text) else { return false }
        // `password1`, `my_token_2`: a name for a secret, and not one.
        let small = String(decoding: text, as: UTF8.self).lowercased()
        guard !["password", "passwd", "secret", "token"].contains(where: { small.contains($0) }) || surprise >= 30 else { return false }
        switch value.form {
        case .quoted, .tight, .argument, .element: return digits > 0 || marks > 0 && text.count >= 8
        case .colon: return text.count >= 8 && digits + marks >= 1 && (digits > 0 || marks > 1)
        case .spaced: return value.endsLine && digits > 0 && (surprise >= 15 || marks > 0)
        }
    }
}

extension PairValue {
    /// A text that is a value as a whole.
    init(whole text: UnsafeRawBufferPointer) {
        (range, form, level, isCode, endsLine) = (0..<text.count, .quoted, 0, false, true)
    }
}
