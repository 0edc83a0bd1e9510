/// Why a text is not the JSON that was asked for, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with a text.
    public enum Reason: Sendable, Hashable {
        /// Nothing but white space.
        case empty
        /// The text ends within a value.
        case unexpectedEnd
        /// A byte that cannot stand there.
        case unexpectedByte(UInt8)
        /// Something follows the value.
        case textAfterValue
        /// A string holds bytes that are not UTF-8.
        case invalidUTF8
        /// A control character stands unescaped in a string.
        case controlCharacterInString
        /// A backslash begins no escape of RFC 8259.
        case invalidEscape
        /// Half of a surrogate pair stands alone.
        case loneSurrogate
        /// Digits are missing, or a zero leads.
        case invalidNumber
        /// A key stands twice in one object.
        case duplicateKey(String)
        /// Arrays and objects nest deeper than the limit.
        case tooDeep(limit: Int)
    }

    /// What is wrong there.
    public var reason: Reason
    /// The offset of the offending byte from the start of the text.
    public var offset: Int

    /// An error of this kind at this offset.
    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// One sentence without any of the text that was read, since that text may hold a secret; a duplicate key is named by its length alone.
    public var description: String {
        let what =
            switch reason {
            case .empty: "there is no JSON text"
            case .unexpectedEnd: "the JSON text ends too early"
            case .unexpectedByte(let byte): "unexpected byte 0x\(String(byte, radix: 16))"
            case .textAfterValue: "something follows the end of the JSON value"
            case .invalidUTF8: "invalid UTF-8"
            case .controlCharacterInString: "a control character stands unescaped in a string"
            case .invalidEscape: "an invalid escape stands in a string"
            case .loneSurrogate: "half of a surrogate pair stands alone in a string"
            case .invalidNumber: "a number is malformed"
            case .duplicateKey(let key): "a key of \(key.utf8.count) bytes stands twice in one object"
            case .tooDeep(let limit): "the JSON text is nested deeper than \(limit) levels"
            }
        return "\(what) (byte \(offset))"
    }
}
