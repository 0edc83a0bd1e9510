/// Why something could not be redacted, or a redactor could not be made. Never holds a value, only its place.
package enum RedactionError: Error, Sendable, Hashable, CustomStringConvertible {
    case keyLength(Int)
    case valueTooShort(index: Int, minimum: Int)
    case valueTooLong(index: Int, maximum: Int)
    case tooManyValues(Int, maximum: Int)
    case tooDeep(limit: Int)
    case file(path: String, cause: String)
    case rules(path: String, cause: String)

    package var description: String {
        switch self {
        case .keyLength(let length):
            "cannot make a redactor: its key must have 32 bytes and has \(length)"
        case .valueTooShort(let index, let minimum):
            "cannot redact secret number \(index + 1): it has fewer than \(minimum) bytes besides white space and would blot out "
                + "ordinary text; remove it from the list or use a longer secret"
        case .valueTooLong(let index, let maximum):
            "cannot redact secret number \(index + 1): it is longer than \(maximum) bytes; list its distinctive part instead"
        case .tooManyValues(let count, let maximum):
            "cannot redact \(count) secrets: \(maximum) are the most; remove those that are no longer in use"
        case .tooDeep(let limit):
            "cannot redact a JSON value that is nested deeper than \(limit) levels"
        case .file(let path, let cause):
            "cannot read the secrets file \(path): \(cause)"
        case .rules(let path, let cause):
            "cannot use the redaction rules \(path): \(cause)"
        }
    }
}
