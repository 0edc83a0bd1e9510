import Redaction
import Testing

@Suite("Token shapes")
struct TokenShapeTests {
    /// Put together here, so that no scanner takes this file for a leak.
    static let random36 = "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
    static let tokens: [(RedactionShape, String)] = [
        (.awsAccessKey, "AKIA" + "IOSFODNN7EXAMPLE"),
        (.awsAccessKey, "ASIA" + "IOSFODNN7EXAMPLE"),
        (.github, "ghp_" + random36),
        (.github, "gho_" + random36),
        (.github, "ghu_" + random36),
        (.github, "ghs_" + random36),
        (.github, "ghr_" + random36),
        ("github-fine-grained", "github_pat_" + "11ABCDEFG0abcdefghijkl" + "_" + random36 + "abcdefghijklmnopqrstuvw"),
        (.gitlab, "glpat-" + "x1Y2z3-4_5a6B7c8D9e0"),
        (.gitlab, "glpat-" + "x1Y2z3a4b5c6d7e8f9g0h1i2j3k.01.0a1b2c3d4"),
        (.slack, "xoxb-" + "1234567890-1234567890-abcdefABCDEF"),
        (.slack, "xoxp-" + "1234567890-abcdef"),
        (.anthropic, "sk-ant-" + "api03-aB3_dE5-gH7iJ9kL1mN3oP5"),
        (.openAI, "sk-" + random36 + "abcdefghijkl"),
        (.openAI, "sk-proj-" + "aB3_dE5-gH7iJ9kL1mN3oP5qR7sT9uV1wX3yZ5aB7"),
        (.openAI, "sk-test-" + "0123456789abcdef0123456789abcdef0123"),
        (.google, "AIza" + "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p_-"),
        (.stripe, "sk_live_" + "A1b2C3d4E5f6G7h8I9j0K1l2"),
        (.stripe, "rk_live_" + "A1b2C3d4E5f6G7h8I9j0K1l2"),
        (.npm, "npm_" + random36),
        (.magenta, "mgt_" + random36 + "-_x9Zq0"),
        (.jwt, "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"),
        (.jwt, "eyJ" + "hbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIn0"),
        (.privateKey, "-----BEGIN RSA " + "PRIVATE KEY-----\n" + body + "\n-----END RSA PRIVATE KEY-----"),
        (.privateKey, "-----BEGIN OPENSSH " + "PRIVATE KEY-----\\n" + body + "\\n-----END OPENSSH PRIVATE KEY-----"),
        (.privateKey, "-----BEGIN " + "PRIVATE KEY-----\n" + body),
    ]
    static let body = "MIIEpAIBAAKCAQEA7bq0k3Yh6oQeXcV1\nN2m4b6v8c0x1z3a5s7d9f1g3h5j7k9l1q3w5e7r9=="

    private let redactor: Redactor

    init() throws {
        redactor = try Redactor(key: [UInt8](repeating: 7, count: 32))
    }

    @Test(arguments: tokens)
    func `a token is replaced in every surrounding`(shape: RedactionShape, token: String) {
        for (before, after) in [
            ("", ""), ("key=", "\n"), ("\"", "\""), ("(", ")"), ("Bearer ", " and so on"), ("https://x:", "@host/"), ("\\n", "\\n"),
        ] {
            // A cut-off key goes on in whatever looks like one.
            if shape == .privateKey, !token.hasSuffix("-----"), after.first == "@" { continue }
            let result = redactor.redact(before + token + after).value
            #expect(result.hasPrefix(before + "[redacted:\(shape.rawValue):"), "\(shape) behind \(before)")
            #expect(result.hasSuffix("]" + after), "\(shape) before \(after)")
            #expect(result.components(of: "[redacted:") == 1)
        }
    }

    @Test(arguments: tokens)
    func `a token of each shape is counted as that shape`(shape: RedactionShape, token: String) {
        var counts = RedactionCounts()
        _ = redactor.redact(token, counting: &counts)
        #expect(counts[shape] == 1)
        #expect(counts.total == 1)
    }

    @Test(arguments: [
        "\u{1B}[32mAKIAIOSFODNN7EXAMPLE\u{1B}[0m", "%3DAKIAIOSFODNN7EXAMPLE", "\\u003dAKIAIOSFODNN7EXAMPLE", "\\tAKIAIOSFODNN7EXAMPLE",
    ])
    func `a token begins behind escapes that end in a letter`(text: String) {
        #expect(!redactor.redact(text).value.contains("AKIAIOSFODNN7EXAMPLE"))
    }

    @Test(arguments: [
        "task-A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8",
        "desk-ant-A1b2C3d4E5f6G7h8I9j0",
        "sk-loading-indicator-wrapper-element",
        "sk-container-id-1 sk-toggleable__label-arrow",
        "sk-estimator-doc-link-2024-version-long-name",
        "sk-short1",
        "sk-ant-your-key-goes-here-please",
        "AKIA is a prefix", "AKIAIOSFODNN7EXAMPL", "AKIAIOSFODNN7EXAMPLE2", "xAKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLEabc",
        "ghp_short", "ghp_this_is_a_function_name_that_is_rather_long_indeed", "ghp_" + "x",
        "github_pat_", "github_pat_format_is_documented_somewhere_else_in_full",
        "glpat-your-token-goes-here-instead", "glpat-short1",
        "xoxo-hugs-and-kisses-for-everybody", "xoxb-short", "foxox-1234567890123",
        "AIzaTooShort", "AIza" + String(repeating: "a", count: 36),
        "sk_live_short", "task_live_A1b2C3d4E5f6G7h8I9j0", "rk_live_",
        "npm_config_registry npm_lifecycle_event npm_package_dependencies_something_long",
        "eyJhIjoxfQ==", "eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJIUzI1NiJ9.md", "eyJhbGciOiJIUzI1NiJ9.settings.json",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n-----END PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n-----END CERTIFICATE-----",
        "look for -----BEGIN RSA PRIVATE KEY----- in the file and for -----END RSA PRIVATE KEY----- behind it",
        "if line == \"-----BEGIN PRIVATE KEY-----\" { return true }",
        "-----BEGIN PRIVATE KEY----- is what /home/ana/projects/atlas/indexer/sources/keys.py looks for, -----END PRIVATE KEY----- too",
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
    ])
    func `a near miss stays`(text: String) {
        #expect(redactor.redact(text).value == text)
    }

    @Test(arguments: 1...3)
    func `a token that is written in escapes is found as the same token`(level: Int) throws {
        let token = "ghp_" + Self.random36
        let text = (1...level).reduce("at \(token) there") { text, round in
            // The first time letters are escaped, then the backslashes of the escapes.
            round > 1 ? text.replacing("\\", with: "\\\\") : text.replacing("_", with: "\\u005f").replacing("A", with: "\\u0041")
        }
        #expect(!text.contains(token))
        #expect(redactor.redact(text).value == redactor.redact("at \(token) there").value)
    }

    @Test func `a private key ends where its lines end when it was cut off`() {
        let text = "-----BEGIN " + "PRIVATE KEY-----\n" + Self.body + "\nand then some prose followed which nobody has to hide."
        let result = redactor.redact(text).value
        #expect(result.hasSuffix("]\nand then some prose followed which nobody has to hide."))
        #expect(!result.contains("MIIEpAIBAAKC"))
    }

    @Test func `a private key is found with line numbers before its lines`() {
        let lines = Self.body.split(separator: "\n").enumerated().map { "  \($0.offset + 2)→\($0.element)" }.joined(separator: "\n")
        let result = redactor.redact("  1→-----BEGIN PRIVATE " + "KEY-----\n" + lines + "\n  9→-----END PRIVATE KEY-----\nrest").value
        #expect(result.hasPrefix("  1→[redacted:private-key:"))
        #expect(result.hasSuffix("]\nrest"))
    }

    @Test func `hostile repetition costs no more than its length`() {
        // Each of these once made a matcher of this kind quadratic.
        for unit in ["sk-", "eyJ", "eyJaaaaaaaaaa.", "ghp_", "glpat-", "xoxb-", "-----BEGIN PRIVATE " + "KEY-----", "\\\\", "AIza"] {
            let text = String(repeating: unit, count: 20_000)
            #expect(redactor.redact(text).value.utf8.count <= text.utf8.count)
        }
    }
}
