import CSimdJSON
package import JSON

/// Reads the bytes of one transcript line: by simdjson where it can, by the strict reader of JSON where simdjson refuses,
/// since real transcripts hold lone surrogates, huge numbers and deep nesting.
///
/// Keeps its buffers between lines, hence a class; not to be shared between tasks.
package final class TranscriptLineReader {
    package static let maximumDepth = 512
    /// simdjson takes up to 14 bytes of memory for each byte of a line, so long lines go to the slower reader.
    static let maximumTapeLength = 8 << 20

    private let parser: OpaquePointer?
    private let strict = JSONReader(maximumDepth: maximumDepth, loneSurrogates: .replace, refusesDuplicateKeys: false)

    package init() {
        // Without a parser everything goes the slower way.
        parser = csimdjson_create(Self.maximumDepth)
    }

    deinit {
        if let parser { csimdjson_free(parser) }
    }

    /// The object on a line; `nil` for a line of nothing but white space.
    package func read(_ line: UnsafeRawBufferPointer) throws(LineRefusal) -> JSONValue? {
        var line = line
        // Editors on Windows put a byte order mark before the first line.
        if line.starts(with: [0xEF, 0xBB, 0xBF]) { line = UnsafeRawBufferPointer(rebasing: line[3...]) }
        if line.first != UInt8(ascii: "{"), line.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) { return nil }
        var value = fast(line) ?? .null
        if value.isNull { value = try slow(line) }
        guard value.object != nil else { throw .notAnObject(value.kindName) }
        return value
    }

    package func read(_ line: some Sequence<UInt8>) throws(LineRefusal) -> JSONValue? {
        let bytes = Array(line)
        let result: Result<JSONValue?, LineRefusal> = bytes.withUnsafeBytes { buffer in
            do throws(LineRefusal) { return .success(try read(buffer)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private func fast(_ line: UnsafeRawBufferPointer) -> JSONValue? {
        guard let parser, line.count <= Self.maximumTapeLength, let bytes = line.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            return nil
        }
        var tape: UnsafePointer<UInt64>?
        var strings: UnsafePointer<UInt8>?
        guard csimdjson_parse(parser, bytes, line.count, &tape, &strings), let tape, let strings else { return nil }
        return TapeReader(tape: tape, strings: strings).document()
    }

    private func slow(_ line: UnsafeRawBufferPointer) throws(LineRefusal) -> JSONValue {
        do throws(JSONError) {
            return try strict.read(line)
        } catch {
            throw LineRefusal(error)
        }
    }
}
