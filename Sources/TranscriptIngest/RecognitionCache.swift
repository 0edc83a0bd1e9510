import Synchronization
package import Transcripts

/// Remembers whose file each is, for as long as it is the same file and nothing was written to it. Where the path does not say, that takes
/// a look into the file, and a watch looks at thousands of unchanged files again and again.
package final class RecognitionCache: Sendable {
    private struct Entry {
        var stamp: FileStamp
        var recognition: TranscriptRecognition
    }

    /// By root, then by path.
    private let entries = Mutex<[String: [String: Entry]]>([:])
    private let recognise: @Sendable (_ path: String, _ root: String) -> TranscriptRecognition

    package init(recognise: @escaping @Sendable (_ path: String, _ root: String) -> TranscriptRecognition = { TranscriptRecognition($0, under: $1) })
    {
        self.recognise = recognise
    }

    /// - Parameters:
    ///   - files: as a look below `root` has just shown them.
    ///   - isWhole: whether these are all files below `root`: what is known of others is then forgotten.
    /// - Returns: one for each file.
    func recognitions(of files: [TranscriptFile], under root: String, isWhole: Bool) -> [TranscriptRecognition] {
        // Files are read without the lock: a whole look and a part of one may be under way at once.
        var known = entries.withLock { $0[root] } ?? [:]
        var kept: [String: Entry] = isWhole ? Dictionary(minimumCapacity: files.count) : known
        defer { entries.withLock { $0[root] = kept } }
        return files.map { file in
            let entry: Entry
            if let old = known[file.path], old.stamp == file.stamp {
                entry = old
            } else {
                entry = Entry(stamp: file.stamp, recognition: recognise(file.path, root))
                known[file.path] = entry
            }
            kept[file.path] = entry
            return entry.recognition
        }
    }
}
