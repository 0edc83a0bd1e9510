import JSON
import MemoryModel
import MemoryStore

/// The format of an archive: JSON Lines, a header, one row a line, and an end that vouches for all before it. docs/archive.md.
///
/// Nothing in it says when, where or by which version it was written, so two exports of the same content are the same bytes.
package enum ArchiveFormat {
    package static let name = "magenta-archive"
    package static let version: Int64 = 1

    /// Longer than any record that capture takes (256 MiB, twice that with its message's blocks beside it).
    static let maximumLineLength = 1 << 30
    /// A header holds a selection at most.
    static let maximumHeaderLength = 65_536

    /// - Parameter selection: what a part of a store was chosen by; `nil` for everything.
    static func header(selection: MessageFilter?) -> JSONValue {
        var header: JSONObject = ["format": .string(name), "version": .integer(version)]
        guard let selection else { return .object(header) }
        var chosen: JSONObject = [:]
        chosen["project"] = selection.project.map(JSONValue.string)
        chosen["conversation"] = selection.conversation.map(JSONValue.string)
        chosen["since"] = selection.since.map { .string("\($0)") }
        chosen["until"] = selection.until.map { .string("\($0)") }
        chosen["user"] = selection.user.map(JSONValue.string)
        chosen["machine"] = selection.machine.map(JSONValue.string)
        chosen["agent"] = selection.agent.map(JSONValue.string)
        header["selection"] = .object(chosen)
        return .object(header)
    }

    /// - Parameters:
    ///   - lines: how many lines stand before the end.
    ///   - digest: the SHA-256 of their bytes, line breaks included.
    static func end(lines: Int64, digest: some Sequence<UInt8>) -> JSONValue {
        ["end": ["lines": .integer(lines), "sha256": .string(Hexadecimal.text(digest))]]
    }

    /// Whether a file's first line is an archive's, of whatever version.
    package static func isHeader(_ line: [UInt8]) -> Bool {
        guard line.count <= maximumHeaderLength, let value = try? JSONReader().read(line) else { return false }
        return value["format"]?.string == name
    }
}

enum Hexadecimal {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// `nil` where the text is not an even number of lower-case digits.
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.map { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
            default: nil
            }
        }
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { (digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0) }
    }
}
