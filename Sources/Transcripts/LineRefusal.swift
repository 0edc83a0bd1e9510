import JSON

/// Why a line of a transcript cannot be read. Says nothing of what the line holds.
package enum LineRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    case tooLong(maximum: Int)
    case invalidUTF8(offset: Int)
    case tooDeep(limit: Int)
    /// The line ends within a value: a write that was cut off.
    case cutOff
    case invalidJSON(offset: Int)
    case notAnObject(String)

    init(_ error: JSONError) {
        switch error.reason {
        case .invalidUTF8: self = .invalidUTF8(offset: error.offset)
        case .tooDeep(let limit): self = .tooDeep(limit: limit)
        case .unexpectedEnd: self = .cutOff
        default: self = .invalidJSON(offset: error.offset)
        }
    }

    /// One word for counts and columns.
    package var name: String {
        switch self {
        case .tooLong: "too-long"
        case .invalidUTF8: "invalid-utf8"
        case .tooDeep: "too-deep"
        case .cutOff: "cut-off"
        case .invalidJSON: "invalid-json"
        case .notAnObject: "not-an-object"
        }
    }

    package var description: String {
        switch self {
        case .tooLong(let maximum): "the line is longer than \(maximum) bytes"
        case .invalidUTF8(let offset): "the line is not UTF-8 (byte \(offset))"
        case .tooDeep(let limit): "the line is nested deeper than \(limit) levels"
        case .cutOff: "the line ends in the middle of a value"
        case .invalidJSON(let offset): "the line is not JSON (byte \(offset))"
        case .notAnObject(let kind): "the line is \(kind) and not an object"
        }
    }
}
