/// What was read of a file for one batch, piece by piece, so that it can be held against the file before the batch is taken.
///
/// Reading is not one moment: a file that is cut and written anew between two pieces, or within one, gives the beginning of one line and the
/// end of another, and what stood between them would never be read. ``SourceMark`` sees such a file only where it is read again.
struct ReadPieces {
    private struct Piece {
        var offset: Int64
        var length: Int
        /// Seeded by the process: compared within one run alone.
        var hash: Int

        init(_ bytes: UnsafeRawBufferPointer, at offset: Int64) {
            var hasher = Hasher()
            hasher.combine(bytes: bytes)
            self.offset = offset
            length = bytes.count
            hash = hasher.finalize()
        }
    }

    private var pieces: [Piece] = []

    mutating func append(_ bytes: UnsafeRawBufferPointer, at offset: Int64) {
        if !bytes.isEmpty { pieces.append(Piece(bytes, at: offset)) }
    }

    /// Whether the file still says what was read.
    ///
    /// Cost: every piece is read once more, mostly out of the page cache.
    /// - Parameter buffer: at least as long as the longest piece; what it holds is lost.
    func stand(in file: SourceFile, _ buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Bool {
        for piece in pieces {
            let count = try file.read(at: piece.offset, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<piece.length]))
            guard Piece(UnsafeRawBufferPointer(rebasing: buffer[..<count]), at: piece.offset).hash == piece.hash else { return false }
        }
        return true
    }

    /// Forgets what belongs to lines before `offset` alone.
    mutating func removeAll(before offset: Int64) {
        pieces.removeAll { $0.offset + Int64($0.length) <= offset }
    }
}
