import Redaction

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension RedactedText {
    func hasPrefix(_ prefix: StaticString) -> Bool {
        value.utf8.count >= prefix.utf8CodeUnitCount
            && value.utf8.starts(with: UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
    }

    func hasSuffix(_ suffix: StaticString) -> Bool {
        let count = suffix.utf8CodeUnitCount
        return length >= count && value.utf8.suffix(count).elementsEqual(UnsafeBufferPointer(start: suffix.utf8Start, count: count))
    }

    /// What follows a prefix; `nil` where the text does not begin with it.
    func suffix(behind prefix: StaticString) -> RedactedText? {
        hasPrefix(prefix) ? dropping(bytes: prefix.utf8CodeUnitCount) : nil
    }

    /// Whether the bytes occur anywhere. Tool results have megabytes, hence memchr.
    func contains(_ pattern: [UInt8]) -> Bool {
        guard let first = pattern.first, length >= pattern.count else { return false }
        var text = value
        return text.withUTF8 { bytes -> Bool in
            var rest = UnsafeRawBufferPointer(bytes)
            while rest.count >= pattern.count, let base = rest.baseAddress,
                let found = memchr(base, Int32(first), rest.count - pattern.count + 1)
            {
                if memcmp(found, pattern, pattern.count) == 0 { return true }
                rest = UnsafeRawBufferPointer(rebasing: rest[(UnsafeRawPointer(found) - base + 1)...])
            }
            return false
        }
    }

    /// FNV-1a of the text without the white space around it: tells whether two texts are the same without keeping them.
    var fingerprint: Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in trimmed.value.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int64(bitPattern: hash)
    }
}
