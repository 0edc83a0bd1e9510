#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Turns the chunks of a file into its complete lines; what stands behind the last line break waits for the next chunk.
///
/// Memory: one unfinished line. A line over the limit is skipped over, not kept, and reported when its end is seen.
package struct LineSplitter: Sendable {
    package static let defaultMaximumLength = 256 << 20

    package struct Line {
        package enum Content {
            /// Valid during the call alone.
            case bytes(UnsafeRawBufferPointer)
            case tooLong
        }

        /// Where the line begins in the file.
        package var offset: Int64
        /// Counted from 1.
        package var number: Int64
        /// In bytes, without the line break.
        package var length: Int
        package var content: Content
    }

    /// Where the next line begins: the place to go on from after a restart.
    package private(set) var offset: Int64
    /// The complete lines so far.
    package private(set) var lineCount: Int64
    package let maximumLength: Int

    /// The bytes of the unfinished line, empty when it is too long.
    private var carry: [UInt8] = []
    private var unfinishedLength = 0

    package init(offset: Int64 = 0, lineCount: Int64 = 0, maximumLength: Int = defaultMaximumLength) {
        self.offset = offset
        self.lineCount = lineCount
        self.maximumLength = maximumLength
    }

    /// How many bytes behind the last line break have been seen.
    package var pendingLength: Int { unfinishedLength }

    /// Where the next chunk has to begin.
    package var readOffset: Int64 { offset + Int64(unfinishedLength) }

    /// Hands every line that `chunk` completes to `body`. Where `body` throws, begin anew at ``offset``.
    package mutating func append<Failure: Error>(
        _ chunk: UnsafeRawBufferPointer, _ body: (Line) throws(Failure) -> Void
    ) throws(Failure) {
        var rest = chunk
        while let base = rest.baseAddress, let found = memchr(base, 0x0A, rest.count) {
            let length = UnsafeRawPointer(found) - base
            let piece = UnsafeRawBufferPointer(start: base, count: length)
            rest = UnsafeRawBufferPointer(rebasing: rest[(length + 1)...])
            try finish(with: piece, body)
        }
        guard !rest.isEmpty else { return }
        unfinishedLength += rest.count
        if unfinishedLength <= maximumLength { carry.append(contentsOf: rest) } else { carry = [] }
    }

    private mutating func finish<Failure: Error>(
        with piece: UnsafeRawBufferPointer, _ body: (Line) throws(Failure) -> Void
    ) throws(Failure) {
        let length = unfinishedLength + piece.count
        if length > maximumLength {
            try body(Line(offset: offset, number: lineCount + 1, length: length, content: .tooLong))
        } else if unfinishedLength == 0 {
            try body(Line(offset: offset, number: lineCount + 1, length: length, content: .bytes(piece)))
        } else {
            carry.append(contentsOf: piece)
            let line = (offset, lineCount + 1)
            let result: Result<Void, Failure> = carry.withUnsafeBytes { bytes in
                do throws(Failure) {
                    return .success(try body(Line(offset: line.0, number: line.1, length: length, content: .bytes(bytes))))
                } catch {
                    return .failure(error)
                }
            }
            try result.get()
        }
        offset += Int64(length) + 1
        lineCount += 1
        unfinishedLength = 0
        // A line of many megabytes must not keep its memory.
        carry.removeAll(keepingCapacity: carry.capacity <= 4 << 20)
    }
}
