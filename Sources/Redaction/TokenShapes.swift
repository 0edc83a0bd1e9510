/// The commonest shapes of credentials, by the prefixes that their issuers document.
///
/// Where the length of a token is fixed, a longer run is something else. Where it is not, a token must look drawn at random:
/// digits or capitals, so that `sk-loading-indicator` and `glpat-your-token-goes-here` stay.
enum TokenShapes {
    struct Match {
        var shape: RedactionShape
        var end: Int
    }

    static let prefixes: [StaticString] = [
        "AKIA", "ASIA", "AIza", "gh", "github_pat_", "glpat-", "xox", "sk-", "sk_", "rk_", "npm_", "mgt_", "eyJ", "-----BEGIN ",
    ]

    static func match(in bytes: UnsafeRawBufferPointer, at start: Int, afterMatch: Bool) -> Match? {
        guard let (shape, hyphenJoins, end) = shape(in: bytes, at: start) else { return nil }
        guard afterMatch || shape == .privateKey || TokenBoundary.begins(in: bytes, at: start, hyphenJoins: hyphenJoins) else { return nil }
        return end().map { Match(shape: shape, end: $0) }
    }

    private typealias Recognised = (shape: RedactionShape, hyphenJoins: Bool, end: () -> Int?)

    private static func shape(in bytes: UnsafeRawBufferPointer, at start: Int) -> Recognised? {
        func has(_ prefix: StaticString) -> Bool { TokenRun.hasPrefix(prefix, in: bytes, at: start) }
        switch bytes[start] {
        case UInt8(ascii: "A"):
            if has("AKIA") || has("ASIA") { return (.awsAccessKey, false, { fixed(.upperAlphanumeric, 16, in: bytes, from: start + 4) }) }
            if has("AIza") { return (.google, true, { fixed(.url, 35, in: bytes, from: start + 4) }) }
        case UInt8(ascii: "g"):
            if has("ghp_") || has("gho_") || has("ghu_") || has("ghs_") || has("ghr_") {
                return (.github, false, { atLeast(.alphanumeric, 36, in: bytes, from: start + 4) })
            }
            if has("github_pat_") { return (.github, false, { githubFineGrained(in: bytes, from: start + 11) }) }
            if has("glpat-") { return (.gitlab, true, { gitlab(in: bytes, from: start + 6) }) }
        case UInt8(ascii: "x"):
            if has("xox"), start + 4 < bytes.count, (0x61...0x7A).contains(bytes[start + 3]), bytes[start + 4] == UInt8(ascii: "-") {
                return (.slack, true, { slack(in: bytes, from: start + 5) })
            }
        case UInt8(ascii: "s"):
            if has("sk-ant-") { return (.anthropic, true, { random(.url, 20, in: bytes, from: start + 7) }) }
            if has("sk-") { return (.openAI, true, { openAI(in: bytes, from: start + 3) }) }
            if has("sk_live_") || has("sk_test_") { return (.stripe, false, { atLeast(.alphanumeric, 16, in: bytes, from: start + 8) }) }
        case UInt8(ascii: "r"):
            if has("rk_live_") || has("rk_test_") { return (.stripe, false, { atLeast(.alphanumeric, 16, in: bytes, from: start + 8) }) }
        case UInt8(ascii: "n"):
            if has("npm_") { return (.npm, false, { fixed(.alphanumeric, 36, in: bytes, from: start + 4) }) }
        case UInt8(ascii: "m"):
            if has("mgt_") { return (.magenta, false, { atLeast(.url, 43, in: bytes, from: start + 4) }) }
        case UInt8(ascii: "e"):
            if has("eyJ") { return (.jwt, true, { webToken(in: bytes, from: start) }) }
        case UInt8(ascii: "-"):
            if has("-----BEGIN ") { return (.privateKey, false, { PrivateKeyBlock.end(in: bytes, at: start) }) }
        default: break
        }
        return nil
    }

    private static func fixed(_ alphabet: TokenRun.Alphabet, _ count: Int, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let run = TokenRun(alphabet, in: bytes, from: start)
        guard run.count == count else { return nil }
        // A run of capitals that goes on in small letters is no token either.
        if alphabet == .upperAlphanumeric, run.end < bytes.count, TokenRun.Alphabet.alphanumeric.contains(bytes[run.end]) { return nil }
        return run.end
    }

    private static func atLeast(_ alphabet: TokenRun.Alphabet, _ count: Int, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let run = TokenRun(alphabet, in: bytes, from: start)
        return run.count >= count ? run.end : nil
    }

    private static func random(_ alphabet: TokenRun.Alphabet, _ count: Int, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let run = TokenRun(alphabet, in: bytes, from: start)
        return run.count >= count && (run.hasDigit || run.hasUpper) ? run.end : nil
    }

    /// 22 characters, `_`, 59 characters; the underscore is part of it.
    private static func githubFineGrained(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let head = TokenRun(.alphanumeric, in: bytes, from: start)
        guard head.count >= 20 else { return nil }
        guard head.end < bytes.count, bytes[head.end] == UInt8(ascii: "_") else { return head.count >= 40 ? head.end : nil }
        return atLeast(.alphanumeric, 30, in: bytes, from: head.end + 1)
    }

    /// Routable tokens go on behind dots: `glpat-TOKEN.01.CHECKSUM`.
    private static func gitlab(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard var end = random(.url, 20, in: bytes, from: start) else { return nil }
        for _ in 0..<2 where end < bytes.count && bytes[end] == UInt8(ascii: ".") {
            let run = TokenRun(.alphanumeric, in: bytes, from: end + 1)
            guard run.hasDigit else { break }
            end = run.end
        }
        return end
    }

    private static func slack(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let run = TokenRun(.kebab, in: bytes, from: start)
        return run.count >= 10 && run.hasDigit ? run.end : nil
    }

    /// `sk-` is short and common, so one stretch between hyphens must hold 16 characters with digits and letters among them.
    /// Project keys may have hyphens anywhere: they need length and all three classes instead.
    private static func openAI(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
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

    /// RFC 7515 section 3.1: three parts in base64url, the first two of them JSON objects; RFC 7516: five parts.
    private static func webToken(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var run = TokenRun(.url, in: bytes, from: start)
        guard run.count >= 13 else { return nil }
        var parts = 1
        while parts < 5, run.end < bytes.count, bytes[run.end] == UInt8(ascii: ".") {
            let next = TokenRun(.url, in: bytes, from: run.end + 1)
            if parts == 1 {
                guard next.count >= 10 || next.count == 0 else { return nil }
            } else if next.count == 0 {
                break
            }
            run = next
            parts += 1
        }
        return parts >= 3 || parts == 2 && TokenRun.hasPrefix("eyJ", in: bytes, at: run.start) ? run.end : nil
    }
}
