/// Tokens that no pattern tells: JSON Web Tokens, `sk-` keys, Discord's bot tokens, and private keys in base64.
enum WebToken {
    static let procedures: [CredentialProcedure] = [
        CredentialProcedure(
            [.jwt], "JSON Web Tokens, signed (RFC 7515) and encrypted (RFC 7516)",
            looks: "`eyJ`, and two to five parts in base64url between dots", anchors: ["eyJ"]
        ) { bytes, start, afterMatch in
            found(.jwt, in: bytes, at: start, afterMatch: afterMatch, end: jsonWebToken(in: bytes, from: start))
        },
        CredentialProcedure(
            [.openAI], "OpenAI, DeepSeek and others that took over its form",
            looks: "`sk-` and 20 characters or more with a stretch that looks drawn at random", anchors: ["sk-"]
        ) { bytes, start, afterMatch in
            found(.openAI, in: bytes, at: start, afterMatch: afterMatch, end: secretKey(in: bytes, from: start + 3))
        },
        CredentialProcedure(
            ["discord-bot"], "Discord, bot token", looks: "a user id in base64, a dot, 6 characters, a dot, 27 to 38 characters",
            anchors: discordAnchors
        ) { bytes, start, afterMatch in
            found("discord-bot", in: bytes, at: start, afterMatch: afterMatch, end: discordBot(in: bytes, from: start))
        },
        CredentialProcedure(
            ["private-key-base64"], "A private key in PEM that was put into base64, as kubeconfig files hold it",
            looks: "base64 that says `-----BEGIN ... PRIVATE KEY-----`", anchors: ["LS0tLS1CRUdJTi"]
        ) { bytes, start, afterMatch in
            found("private-key-base64", in: bytes, at: start, afterMatch: afterMatch, end: encodedKey(in: bytes, from: start))
        },
    ]

    private static func found(
        _ shape: RedactionShape, in bytes: UnsafeRawBufferPointer, at start: Int, afterMatch: Bool, end: @autoclosure () -> Int?
    ) -> [Found] {
        guard afterMatch || TokenBoundary.begins(in: bytes, at: start, hyphenJoins: true), let end = end() else { return [] }
        guard !Likeness.isInsideBase64(bytes, at: start) else { return [] }
        return [Found(shape, start..<end)]
    }

    /// RFC 7515 section 3.1: three parts in base64url, the first two of them JSON objects; RFC 7516: five parts.
    private static func jsonWebToken(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var partStart = start
        var end = ByteSet.base64URL.runEnd(in: bytes, from: start)
        guard end - start >= 13 else { return nil }
        var parts = 1
        while parts < 5, end < bytes.count, bytes[end] == UInt8(ascii: ".") {
            let nextEnd = ByteSet.base64URL.runEnd(in: bytes, from: end + 1)
            let count = nextEnd - end - 1
            if parts == 1 {
                guard count >= 10 || count == 0 else { return nil }
            } else if count == 0 {
                break
            }
            partStart = end + 1
            end = nextEnd
            parts += 1
        }
        return parts >= 3 || parts == 2 && TokenRun.hasPrefix("eyJ", in: bytes, at: partStart) ? end : nil
    }

    /// `sk-` is short and common, so one stretch between hyphens must hold 16 characters with digits and letters among them.
    /// Project keys may have hyphens anywhere: they need length and all three classes instead.
    private static func secretKey(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let whole = TokenRun(.url, in: bytes, from: start)
        guard whole.count >= 20, whole.hasDigit, whole.hasLower || whole.hasUpper else { return nil }
        if whole.count >= 40, whole.hasUpper, whole.hasLower { return whole.end }
        var index = start
        while index < whole.end {
            let part = TokenRun(.alphanumeric, in: bytes, from: index)
            if part.count >= 16, part.hasDigit, part.hasLower || part.hasUpper { return whole.end }
            index = part.end + 1
        }
        return nil
    }

    /// Three digits in base64 are one of `M N O`, one of `D T j z` and one of ten more, whatever the digits are.
    private static let discordAnchors: [String] = ["M", "N", "O"].flatMap { first in
        ["D", "T", "j", "z"].flatMap { second in
            ["A", "E", "I", "M", "Q", "U", "Y", "c", "g", "k"].map { first + second + $0 }
        }
    }

    private static func discordBot(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let id = ByteSet.alphanumeric.runEnd(in: bytes, from: start, limit: 32)
        guard (22...28).contains(id - start), id < bytes.count, bytes[id] == UInt8(ascii: ".") else { return nil }
        let time = ByteSet.base64URL.runEnd(in: bytes, from: id + 1, limit: 8)
        guard time - id - 1 == 6, time < bytes.count, bytes[time] == UInt8(ascii: ".") else { return nil }
        let end = ByteSet.base64URL.runEnd(in: bytes, from: time + 1, limit: 64)
        return (27...38).contains(end - time - 1) ? end : nil
    }

    private static func encodedKey(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let end = ByteSet.base64.runEnd(in: bytes, from: start, limit: 1 << 16)
        guard end - start >= 64 else { return nil }
        let head = Base64Text.decoded(bytes, start..<start + 60)
        return head.map { Array($0.prefix(45)) }.flatMap { head in
            String(decoding: head, as: UTF8.self).contains("PRIVATE KEY") ? end : nil
        }
    }
}
