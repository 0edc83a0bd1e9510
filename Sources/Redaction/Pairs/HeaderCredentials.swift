/// Secrets in the headers of HTTP.
enum HeaderCredentials {
    static let procedures: [CredentialProcedure] = [
        CredentialProcedure(
            [.bearer], "HTTP, bearer tokens (RFC 6750)", looks: "`Bearer` and 16 characters or more that look drawn at random",
            anchors: ["Bearer ", "bearer ", "BEARER "]
        ) { bytes, start, _ in
            var end = tokenBytes.runEnd(in: bytes, from: start + 7, limit: 4096)
            // The end of a sentence.
            while end > start + 7, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
            let text = UnsafeRawBufferPointer(rebasing: bytes[start + 7..<end])
            guard text.count >= 16, Likeness.isVaried(text), Likeness.isRandom(text), !StandIn.isMember(text) else { return [] }
            guard !StandIn.isStandIn(String(decoding: text, as: UTF8.self).lowercased()) else { return [] }
            return [.surrounded(.bearer, start + 7..<end)]
        },
        CredentialProcedure(
            [.basic], "HTTP, Basic authentication (RFC 7617)", looks: "`Basic` and base64 that says `user:password`", anchors: ["Basic ", "basic "]
        ) { bytes, start, _ in
            let end = ByteSet.base64.runEnd(in: bytes, from: start + 6, limit: 1024)
            return Base64Text.saysNameAndSecret(bytes, start + 6..<end) ? [.surrounded(.basic, start + 6..<end)] : []
        },
        CredentialProcedure(
            [.cookie], "HTTP, cookies of sessions (RFC 6265)",
            looks: "`Cookie:` or `Set-Cookie:` and values that look drawn at random beside names such as `session` and `sid`",
            anchors: ["ookie: ", "OOKIE: "]
        ) { bytes, start, _ in cookies(in: bytes, from: start + 7) },
    ]

    /// RFC 6750 section 2.1.
    private static let tokenBytes = ByteSet.base64URL.union(ByteSet("+/=.~"))
    private static let nameWords = ["sess", "sid", "auth", "token", "jwt", "remember", "csrf", "xsrf", "login", "secret", "ticket"]
    private static let valueBytes = tokenBytes.union(ByteSet("%:|!*&"))

    private static func cookies(in bytes: UnsafeRawBufferPointer, from start: Int) -> [Found] {
        var result: [Found] = []
        var index = start
        // Browsers keep 180 cookies for a site at most, of 4096 bytes each; a header of that size is none that a person pastes.
        for _ in 0..<64 {
            let nameEnd = ByteSet.base64URL.union(ByteSet(".")).runEnd(in: bytes, from: index, limit: 128)
            guard nameEnd > index, nameEnd < bytes.count, bytes[nameEnd] == UInt8(ascii: "=") else {
                // An attribute without a value, such as `Secure`.
                guard nameEnd > index, nameEnd + 1 < bytes.count, bytes[nameEnd] == UInt8(ascii: ";"), bytes[nameEnd + 1] == UInt8(ascii: " ") else {
                    return result
                }
                index = nameEnd + 2
                continue
            }
            let name = String(decoding: bytes[index..<nameEnd], as: UTF8.self).lowercased()
            let end = valueBytes.runEnd(in: bytes, from: nameEnd + 1, limit: 4096)
            let text = UnsafeRawBufferPointer(rebasing: bytes[nameEnd + 1..<end])
            if text.count >= 16, nameWords.contains(where: { name.contains($0) }), Likeness.isVaried(text), Likeness.isRandom(text) {
                result.append(.surrounded(.cookie, nameEnd + 1..<end))
            }
            guard end + 1 < bytes.count, bytes[end] == UInt8(ascii: ";"), bytes[end + 1] == UInt8(ascii: " ") else { return result }
            index = end + 2
        }
        return result
    }
}
