import CZstd

/// Zstandard frames. A value keeps its compressor's memory between calls, so one serves one batch.
struct Compressor: ~Copyable {
    /// Level 3 packs transcripts about 8 to 1 at several hundred MB/s; what higher levels gain, imports would pay.
    private static let level: Int32 = 3
    private let context: OpaquePointer

    init() throws(CompressionError) {
        guard let context = ZSTD_createCCtx() else { throw CompressionError(description: "no memory for the compressor") }
        self.context = context
    }

    deinit { ZSTD_freeCCtx(context) }

    func compress(_ bytes: [UInt8]) throws(CompressionError) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        var written = 0
        let result = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            written = bytes.withUnsafeBytes {
                ZSTD_compressCCtx(context, buffer.baseAddress, bound, $0.baseAddress, $0.count, Self.level)
            }
            count = ZSTD_isError(written) == 0 ? written : 0
        }
        guard ZSTD_isError(written) == 0 else { throw CompressionError(code: written) }
        return result
    }
}

struct CompressionError: Error, CustomStringConvertible {
    var description: String

    init(description: String) { self.description = description }

    fileprivate init(code: Int) {
        description = "a compressed record is damaged (\(String(cString: ZSTD_getErrorName(code))))"
    }
}

/// Opens a frame of exactly `length` bytes; the length comes from the row, so that a damaged frame cannot ask for more.
func decompressed(_ frame: UnsafeRawBufferPointer, length: Int) throws(CompressionError) -> [UInt8] {
    var read = 0
    let result = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
        read = ZSTD_decompress(buffer.baseAddress, length, frame.baseAddress, frame.count)
        count = ZSTD_isError(read) == 0 ? read : 0
    }
    guard ZSTD_isError(read) == 0 else { throw CompressionError(code: read) }
    guard read == length else { throw CompressionError(description: "a compressed record is damaged (it is shorter than it was)") }
    return result
}
