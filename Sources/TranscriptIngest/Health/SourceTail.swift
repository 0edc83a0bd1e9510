import JSON
import MemoryModel
import MemoryStore
import Redaction
import Transcripts

/// What stands behind the part of a source that is stored.
struct SourceTail: Sendable, Hashable {
    enum Content: Sendable, Hashable {
        case nothing
        /// A line without its line break, or a message that its agent is still at.
        case unfinished
        /// - Parameter since: when the oldest of it was written, where it says so.
        case lines(since: Timestamp?)
        case unreadable(reason: String)
    }

    var content: Content
    /// Where it begins: 0 where another file stands at the path now.
    var start: Int64

    /// Enough to find a line break and a time in; a longer line is looked through as far as ``maximumLook``.
    private static let chunk = 64 << 10
    private static let maximumLook: Int64 = 64 << 20
    private static let maximumRecords = 16
    /// A message that nobody has written to for so long broke off with its process; OpenCode's are then taken as they are.
    private static let idleTime: Int64 = 600_000

    /// - Parameter state: how far the source is stored; `nil` where it never was.
    init(of source: Source, _ stamp: FileStamp, _ state: SourceProgressState?, now: Timestamp, redactor: Redactor) {
        do throws(ImportError) {
            if source.location.path.hasSuffix(".json") {
                self = try Self.documents(source, stamp, state, now)
            } else {
                self = try Self.lines(source.location.path, stamp, state, redactor)
            }
        } catch {
            self.init(content: .unreadable(reason: error.cause), start: state?.offset ?? 0)
        }
    }

    private init(content: Content, start: Int64) {
        self.content = content
        self.start = start
    }

    private static func lines(
        _ path: String, _ stamp: FileStamp, _ state: SourceProgressState?, _ redactor: Redactor
    ) throws(ImportError) -> SourceTail {
        let isSame = state.map { $0.identity == "\(stamp.device):\(stamp.inode)" } ?? true
        guard stamp.size > 0, !(isSame && stamp.size == state?.offset) else { return SourceTail(content: .nothing, start: state?.offset ?? 0) }
        let file = try SourceFile(path: path)
        var start = state?.offset ?? 0
        // Devices are numbered anew when a host starts, so another identity alone says nothing.
        if let state, start > 0 {
            var stands = file.size >= start
            if stands, !isSame { stands = try SourceMark.stands(in: file, SourcePosition(state), by: redactor) }
            if !stands { start = 0 }
        }
        guard start < file.size else { return SourceTail(content: .nothing, start: start) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
        defer { buffer.deallocate() }
        var offset = start
        while offset < file.size, offset - start < maximumLook {
            let count = try file.read(at: offset, into: buffer)
            guard count > 0 else { break }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            if bytes.contains(0x0A) { return SourceTail(content: .lines(since: offset == start ? time(in: bytes) : nil), start: start) }
            offset += Int64(count)
        }
        return SourceTail(content: .unfinished, start: start)
    }

    /// The time that the first record with one has.
    private static func time(in bytes: UnsafeRawBufferPointer) -> Timestamp? {
        let reader = TranscriptLineReader()
        for line in bytes.split(separator: 0x0A, maxSplits: maximumRecords).prefix(maximumRecords) {
            if let time = (try? reader.read(UnsafeRawBufferPointer(rebasing: line)))?["timestamp"]?.string.flatMap({ Timestamp($0) }) { return time }
        }
        return nil
    }

    /// Documents have no offsets that a stamp could be compared with: their ids are counted, where something was written since.
    private static func documents(
        _ source: Source, _ stamp: FileStamp, _ state: SourceProgressState?, _ now: Timestamp
    ) throws(ImportError) -> SourceTail {
        let start = state?.offset ?? 0
        if let state, let time = state.readTime, time.milliseconds > stamp.modified / 1_000_000, state.size <= state.offset {
            return SourceTail(content: .nothing, start: start)
        }
        let documents: (any TranscriptDocuments)?
        do throws(TranscriptFilesError) {
            documents = try source.format.documents(of: source.location, now: now)
        } catch {
            throw ImportError(operation: "read \(error.root)", cause: error.cause)
        }
        guard let documents, documents.ids.count > state?.headLength ?? 0 else { return SourceTail(content: .nothing, start: start) }
        let written = Timestamp(milliseconds: stamp.modified / 1_000_000)
        let isIdle = now.milliseconds - written.milliseconds > idleTime
        return SourceTail(content: isIdle ? .lines(since: written) : .unfinished, start: start)
    }
}

extension SourcePosition {
    init(_ state: SourceProgressState) {
        self.init(
            generation: state.generation, identity: state.identity, headHash: state.headHash, headLength: state.headLength, offset: state.offset,
            line: state.line)
    }
}
