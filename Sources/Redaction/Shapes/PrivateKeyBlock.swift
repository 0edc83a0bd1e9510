/// A private key in PEM (RFC 7468 section 10, and the older labels), also with escaped line breaks, also cut off, and PuTTY's form.
enum PrivateKeyBlock {
    static let procedures: [CredentialProcedure] = [
        CredentialProcedure(
            [.privateKey], "Private keys in PEM: PKCS#1, PKCS#8, SEC 1, OpenSSH, PGP, also encrypted",
            looks: "`-----BEGIN ... PRIVATE KEY-----` and base64, with real or escaped line breaks, also cut off", anchors: ["-----BEGIN "]
        ) { bytes, start, _ in
            end(in: bytes, at: start).map { [Found(.privateKey, start..<$0, secret: essence(bytes, start..<$0))] } ?? []
        },
        CredentialProcedure(
            ["putty-key"], "PuTTY, private key", looks: "`Private-Lines: N` and N lines of base64", anchors: ["Private-Lines: "]
        ) { bytes, start, _ in
            puttyEnd(in: bytes, at: start).map { [Found("putty-key", start..<$0, secret: essence(bytes, start..<$0))] } ?? []
        },
    ]

    /// What is the same however the lines are broken: letters, digits and the marks of base64.
    private static func essence(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\\") {
                // `\n` and its further escapes.
                while index < range.upperBound, bytes[index] == UInt8(ascii: "\\") { index += 1 }
                index += 1
                continue
            }
            if ByteSet.base64.contains(byte) { result.append(byte) }
            index += 1
        }
        return result
    }

    /// The PPK format, appendix C of PuTTY's manual: the header says how many lines of base64 follow.
    private static func puttyEnd(in bytes: UnsafeRawBufferPointer, at start: Int) -> Int? {
        var index = ByteSet.digits.runEnd(in: bytes, from: start + 15, limit: 3)
        guard index > start + 15 else { return nil }
        var keyEnd: Int?
        while index < bytes.count, index - start < maximumLength {
            let run = base64Run(in: bytes, from: index)
            // A line is 64 characters, the last one shorter; what lies between two lines is a line break, also an escaped one.
            if run - index >= 16, looksRandom(bytes[index..<run]) || keyEnd != nil { keyEnd = run } else if run - index > 4 { break }
            guard run < bytes.count else { break }
            index = max(run, index + 1)
        }
        return keyEnd
    }

    /// Room for an RSA key of 16,384 bits.
    private static let maximumLength = 16_384
    /// Room for the headers of an encrypted key (RFC 1421 section 4.6), and for prefixes such as line numbers.
    private static let maximumGap = 300
    private static let begin: StaticString = "-----BEGIN "
    private static let end: StaticString = "-----END "

    static func end(in bytes: UnsafeRawBufferPointer, at start: Int) -> Int? {
        guard let body = labelEnd(in: bytes, from: start + begin.utf8CodeUnitCount) else { return nil }
        let limit = min(bytes.count, body + maximumLength)
        var index = body
        var keyEnd = body
        var hasKey = false
        while index < limit {
            if bytes[index] == UInt8(ascii: "-") {
                if TokenRun.hasPrefix(end, in: bytes, at: index) {
                    return hasKey ? labelEnd(in: bytes, from: index + end.utf8CodeUnitCount) ?? keyEnd : nil
                }
                if TokenRun.hasPrefix(begin, in: bytes, at: index) { break }
            }
            let run = base64Run(in: bytes, from: index)
            if run - index >= 24, looksRandom(bytes[index..<run]) {
                hasKey = true
                keyEnd = run
            } else if index - keyEnd > maximumGap {
                // The text speaks of keys, or the key was cut off and the text goes on.
                break
            }
            index = max(run, index + 1)
        }
        return hasKey ? keyEnd : nil
    }

    /// The end of `... PRIVATE KEY-----` or `PGP PRIVATE KEY BLOCK-----`.
    private static func labelEnd(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start
        var isPrivate = false
        while index < bytes.count, index - start < 64 {
            if TokenRun.hasPrefix("PRIVATE KEY", in: bytes, at: index) { isPrivate = true }
            if TokenRun.hasPrefix("-----", in: bytes, at: index) { return isPrivate ? index + 5 : nil }
            switch bytes[index] {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "): index += 1
            default: return nil
            }
        }
        return nil
    }

    static func base64Run(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
                index += 1
            default: return index
            }
        }
        return index
    }

    /// A path is a run of base64 characters too.
    private static func looksRandom(_ run: Slice<UnsafeRawBufferPointer>) -> Bool {
        run.contains { (0x30...0x39).contains($0) } && run.contains { (0x41...0x5A).contains($0) }
            && run.contains { (0x61...0x7A).contains($0) }
    }
}
