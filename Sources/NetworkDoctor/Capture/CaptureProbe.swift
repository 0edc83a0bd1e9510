import Transcripts

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import NIOPosix

/// Looks at the transcripts on this host: which of them Claude Code's cleanup deletes next, and whether the store has them.
package struct CaptureProbe: Sendable {
    /// Where the store can be asked.
    package enum Store: Sendable {
        /// The offset behind the last line of a file that is stored; `nil` for a file that was never seen.
        case offsets(@Sendable (_ path: String) async throws -> Int64?)
        case notChecked(String)
    }

    /// Claude Code's default of `cleanupPeriodDays`.
    static let defaultDays = 30
    private static let nextLimit = 10
    /// More transcripts than any user was seen to have; what is beyond is not compared, and the answer is then "not checked".
    private static let comparedLimit = 20_000
    /// A line that is unfinished is looked for in the last bytes of a file.
    private static let tailBytes = 1 << 16

    private let directories: [String]
    private let cleanupDays: Int?
    private let store: Store

    package init(directories: [String], cleanupDays: Int?, store: Store) {
        self.directories = directories
        self.cleanupDays = cleanupDays
        self.store = store
    }

    package func look() async -> CaptureFacts {
        let days = cleanupDays ?? Self.defaultDays
        var facts = CaptureFacts()
        facts.cleanupDays = .known(days)
        let directories = directories
        let files: [TranscriptFile]
        do {
            // Walking a directory blocks.
            files = try await NIOThreadPool.singleton.runIfActive {
                // A directory that is missing or closed holds no transcript that could be kept.
                directories.flatMap { directory in
                    ((try? TranscriptFiles.find(below: directory) { _ in }) ?? []).filter { file in
                        // Only Claude Code cleans up.
                        let format = TranscriptReaders.formats.first { $0.location(file.path, under: directory) != nil }
                        return format is ClaudeCodeFormat
                    }
                }
            }
        } catch {
            facts.transcripts = .notChecked("\(error)")
            return facts
        }
        facts.transcripts = .known(files.count)
        var missing: Fact<Int> = files.count > Self.comparedLimit ? .notChecked("there are more than \(Self.comparedLimit)") : .known(0)
        var next: [CaptureFacts.Transcript] = []
        for file in files.sorted(by: { $0.modified < $1.modified }).prefix(Self.comparedLimit) {
            let isStored = await isStored(file)
            switch (missing, isStored) {
            case (.known(let count), .known(false)): missing = .known(count + 1)
            case (.known, .notChecked(let reason)): missing = .notChecked(reason)
            default: break
            }
            if next.count < Self.nextLimit {
                next.append(.init(path: file.path, deletedAfter: file.modified + Int64(days) * 86_400, isStored: isStored))
            } else if case .notChecked = missing {
                break
            }
        }
        facts.missing = missing
        facts.next = next
        return facts
    }

    private func isStored(_ file: TranscriptFile) async -> Fact<Bool> {
        guard case .offsets(let offset) = store else {
            if case .notChecked(let reason) = store { return .notChecked(reason) }
            return .notChecked(notLookedAt)
        }
        do {
            guard let stored = try await offset(file.path) else { return .known(file.size == 0) }
            if stored >= file.size { return .known(true) }
            return .known(try await NIOThreadPool.singleton.runIfActive { Self.hasNoLineBreak(file.path, from: stored, to: file.size) })
        } catch {
            return .notChecked("the store could not be asked (\(error))")
        }
    }

    /// What stands behind the last line break is not a line yet.
    private static func hasNoLineBreak(_ path: String, from offset: Int64, to size: Int64) -> Bool {
        guard size - offset <= Int64(tailBytes) else { return false }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Int(size - offset))
        let count = pread(descriptor, &bytes, bytes.count, off_t(offset))
        return count >= 0 && !bytes.prefix(count).contains(UInt8(ascii: "\n"))
    }
}
