/// Why a text is not the JSON that was asked for, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: Sendable, Hashable {
        case empty
        case unexpectedEnd
        case unexpectedByte(UInt8)
        case textAfterValue
        case invalidUTF8
        case controlCharacterInString
        case invalidEscape
        case loneSurrogate
        case invalidNumber
        case duplicateKey(String)
        case tooDeep(limit: Int)
    }

    public var reason: Reason
    /// The offset of the offending byte from the start of the text.
    public var offset: Int

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
