import JSON
import MemoryModel
import MemoryStore
import Redaction

/// The fields of a row as they come from a file: somebody else's text, of which every string passes the redactor.
struct ArchiveFields {
    let object: JSONObject
    let redactor: Redactor

    func text(_ name: String) throws(ArchiveFlaw) -> RedactedText {
        guard let text = try optionalText(name) else { throw .missing(name) }
        return text
    }

    func optionalText(_ name: String) throws(ArchiveFlaw) -> RedactedText? {
        switch object[name] {
        case nil: nil
        case .string(let text)?: redactor.redact(text)
        case _?: throw .wrong(name, "a string")
        }
    }

    func number(_ name: String) throws(ArchiveFlaw) -> Int64 {
        guard let number = try optionalNumber(name) else { throw .missing(name) }
        return number
    }

    func optionalNumber(_ name: String) throws(ArchiveFlaw) -> Int64? {
        switch object[name] {
        case nil: nil
        case .integer(let number)?: number
        case _?: throw .wrong(name, "a whole number")
        }
    }

    /// More than any file holds, and far from where sums of such numbers would overflow.
    private static let largest: Int64 = 1 << 53

    func time(_ name: String) throws(ArchiveFlaw) -> Timestamp {
        guard let time = try optionalTime(name) else { throw .missing(name) }
        return time
    }

    func optionalTime(_ name: String) throws(ArchiveFlaw) -> Timestamp? {
        guard let number = try optionalNumber(name) else { return nil }
        guard (-Timestamp.largestMilliseconds...Timestamp.largestMilliseconds).contains(number) else {
            throw .wrong(name, "milliseconds since 1970")
        }
        return Timestamp(milliseconds: number)
    }

    /// A number that counts or measures something.
    func count(_ name: String) throws(ArchiveFlaw) -> Int64 {
        let number = try number(name)
        guard (0...Self.largest).contains(number) else { throw .wrong(name, "a number from 0 to \(Self.largest)") }
        return number
    }

    func smallCount(_ name: String) throws(ArchiveFlaw) -> Int {
        guard let number = Int(exactly: try count(name)), number < 1 << 31 else { throw .wrong(name, "a number below 2147483648") }
        return number
    }

    func flag(_ name: String) throws(ArchiveFlaw) -> Bool {
        switch object[name] {
        case nil: false
        case .bool(let flag)?: flag
        case _?: throw .wrong(name, "true or false")
        }
    }

    /// A word of a closed list, which no redactor has to see.
    func word<Word: RawRepresentable<String> & CaseIterable>(_ name: String, _: Word.Type) throws(ArchiveFlaw) -> Word {
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        guard let text = object[name] else { throw .missing(name) }
        guard let word = text.string.flatMap(Word.init(rawValue:)) else { throw .wrong(name, "one of \(words)") }
        return word
    }

    func optionalJSON(_ name: String) throws(ArchiveFlaw) -> RedactedJSON? {
        guard let value = object[name] else { return nil }
        do { return try redactor.redact(value) } catch { throw .wrong(name, "a value nested less than \(Redactor.maximumDepth) levels deep") }
    }
}

/// What is wrong with a line of an archive. None of its text is shown.
enum ArchiveFlaw: Error, CustomStringConvertible {
    case notJSON(JSONError)
    case noRow
    case unknownSection
    case missing(String)
    case wrong(String, String)
    case order
    case unknownSource(Int)
    case sourceNumber(expected: Int)
    case tooLong
    /// The file ends within the line.
    case cut
    case afterEnd

    var description: String {
        switch self {
        case .notJSON(let error): "\(error)"
        case .noRow: "it is no object with one member"
        case .unknownSection: "it is a row of a kind that this version does not know; a newer magenta wrote it, use that"
        case .missing(let field): "the field \"\(field)\" is missing"
        case .wrong(let field, let wanted): "the field \"\(field)\" must be \(wanted)"
        case .order: "it belongs further up"
        case .unknownSource(let number): "it names the source \(number), which does not stand before it"
        case .sourceNumber(let expected): "the source's number must be \(expected)"
        case .tooLong: "it is longer than \(ArchiveFormat.maximumLineLength) bytes"
        case .cut: "the file ends within it"
        case .afterEnd: "it stands behind the end"
        }
    }
}
