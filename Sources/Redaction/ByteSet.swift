/// A set of ASCII bytes.
struct ByteSet: Sendable, Hashable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    static let alphanumeric = ByteSet("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    /// RFC 4648 section 4, with the padding.
    static let base64 = alphanumeric.union(ByteSet("+/="))
    /// RFC 4648 section 5.
    static let base64URL = alphanumeric.union(ByteSet("-_"))
    static let hex = ByteSet("0123456789abcdefABCDEF")
    static let digits = ByteSet("0123456789")

    init() {}

    init(_ members: StaticString) {
        for offset in 0..<members.utf8CodeUnitCount { insert(members.utf8Start[offset]) }
    }

    func contains(_ byte: UInt8) -> Bool {
        if byte < 64 { return low >> UInt64(byte) & 1 != 0 }
        return byte < 128 && high >> UInt64(byte - 64) & 1 != 0
    }

    mutating func insert(_ byte: UInt8) {
        if byte < 64 { low |= 1 << UInt64(byte) } else if byte < 128 { high |= 1 << UInt64(byte - 64) }
    }

    func union(_ other: ByteSet) -> ByteSet {
        var result = self
        result.low |= other.low
        result.high |= other.high
        return result
    }

    /// The end of the run of members that begins at `start`, of at most `limit` bytes.
    func runEnd(in bytes: UnsafeRawBufferPointer, from start: Int, limit: Int = .max) -> Int {
        var index = start
        let end = limit < bytes.count - start ? start + limit : bytes.count
        while index < end, contains(bytes[index]) { index += 1 }
        return index
    }

    /// The start of the run of members that ends at `end`, of at most `limit` bytes.
    func runStart(in bytes: UnsafeRawBufferPointer, to end: Int, limit: Int) -> Int {
        var index = end
        while index > 0, end - index < limit, contains(bytes[index - 1]) { index -= 1 }
        return index
    }
}
