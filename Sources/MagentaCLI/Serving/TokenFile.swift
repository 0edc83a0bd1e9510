import FoundationEssentials

/// A file that holds one bearer token.
enum TokenFile {
    /// Its words, between single spaces: a token is one word, and whoever takes it says so of more.
    static func text(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw UsageError("cannot read the token file \(path): there is no such file, or it may not be read")
        }
        guard data.count <= 4096 else { throw UsageError("the token file \(path) is longer than 4096 bytes; it should hold one line with the token") }
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
