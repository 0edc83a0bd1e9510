import Crypto

/// What the user adds to the shapes of credentials, and what is never redacted.
package struct RedactionRules: Sendable {
    package static let maximumPatterns = 256
    package static let maximumExemptions = 10_000

    /// Names of products and accounts that somebody will list as a secret sooner or later, and whose loss makes text unreadable.
    package static let standardExemptions = ["mysql", "postgres", "postgresql", "localhost", "mediawiki", "pickipedia", "root"]

    private(set) var patterns: [CredentialShape] = []
    /// In small letters.
    private var exempt: Set<[UInt8]>
    /// SHA-256 of such values in small letters, for those that must not stand in the file themselves.
    private var exemptDigests: Set<[UInt8]> = []
    /// As ``TellingName/compact``.
    private var exemptNames: Set<String> = []

    /// No patterns, and the standard exemptions.
    package init() {
        exempt = Set(Self.standardExemptions.map { Array($0.utf8) })
    }

    /// - Parameters:
    ///   - name: stands in the placeholder; small letters, digits and hyphens, 32 at most.
    ///   - pattern: in the notation of docs/redaction.md.
    package mutating func add(pattern: String, name: String) throws(PatternFlaw) {
        guard let shape = RedactionShape(rawValue: name) else {
            throw PatternFlaw("has a name that is not made of 1 to \(RedactionShape.maximumLength) small letters, digits and hyphens")
        }
        patterns.append(CredentialShape(shape, pattern: try TokenPattern(parsing: pattern)))
    }

    /// - Parameter value: a text, matched without regard to capitals, or `sha256:` and the SHA-256 of one in small letters, in hexadecimal.
    package mutating func addExemption(_ value: String) throws(PatternFlaw) {
        guard value.hasPrefix("sha256:") else {
            exempt.insert(Array(value.lowercased().utf8))
            return
        }
        let digits = Array(value.utf8.dropFirst(7))
        guard digits.count == 64, digits.allSatisfy(ByteSet.hex.contains) else { throw PatternFlaw("is not sha256: and 64 hexadecimal digits") }
        exemptDigests.insert(stride(from: 0, to: 64, by: 2).map { UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) ?? 0 })
    }

    package mutating func addExemption(name: String) {
        exemptNames.insert(String(decoding: name.lowercased().utf8.filter(ByteSet.alphanumeric.contains), as: UTF8.self))
    }

    func exempts(name: String?) -> Bool {
        guard let name, !exemptNames.isEmpty else { return false }
        return exemptNames.contains(name)
    }

    func exempts(_ value: some Collection<UInt8>) -> Bool {
        let small = Array(String(decoding: value, as: UTF8.self).lowercased().utf8)
        return exempt.contains(small) || !exemptDigests.isEmpty && exemptDigests.contains(Array(SHA256.hash(data: small)))
    }
}
