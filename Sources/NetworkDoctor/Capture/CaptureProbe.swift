package import MemoryStore
import NIOPosix
package import Redaction
import Transcripts

/// Looks at the transcripts on this host: which of them Claude Code's cleanup deletes next, and whether the store has them.
package struct CaptureProbe: Sendable {
    /// Claude Code's own default of `cleanupPeriodDays`.
    private static let defaultCleanupDays = 30
    private static let shown = 10
    /// More files than any home holds; a walk ends there.
    private static let maximumFiles = 200_000

    private let archive: (store: any CaptureStore, redactor: Redactor)?
    private let limit: Int

    /// - Parameters:
    ///   - archive: the store and its redactor, by whose text it knows a file; `nil` where there is none to ask.
    ///   - limit: for how many transcripts the store is asked; the oldest come first.
    package init(archive: (store: any CaptureStore, redactor: Redactor)?, limit: Int = 20_000) {
        self.archive = archive
        self.limit = limit
    }

    /// - Parameters:
    ///   - directory: where transcripts are, as the import is told it: `~/.claude/projects`.
    ///   - cleanupDays: `cleanupPeriodDays` as configured.
    package func look(in directory: String, cleanupDays: Int?) async -> CaptureFacts {
        var facts = CaptureFacts()
        let days = min(cleanupDays ?? Self.defaultCleanupDays, 100_000)
        facts.cleanupDays = .known(days)
        let files: [TranscriptFile]
        switch await Self.transcripts(in: directory) {
        case .known(let found): files = found
        case .notChecked(let reason):
            facts.transcripts = .notChecked(reason)
            facts.missing = .notChecked(reason)
            return facts
        }
        facts.transcripts = .known(files.count)
        let stored = await areStored(files.prefix(max(limit, Self.shown)))
        facts.next = zip(files, stored).prefix(Self.shown).map { file, isStored in
            .init(path: file.path, deletedAfter: file.modified + Int64(days) * 86_400, isStored: isStored)
        }
        facts.missing =
            stored.count == files.count ? Self.missing(among: stored) : .notChecked("there are more than \(limit) transcripts")
        return facts
    }

    /// Of each file in turn; what one answer could not tell, the later ones are not asked for.
    private func areStored(_ files: ArraySlice<TranscriptFile>) async -> [Fact<Bool>] {
        guard let archive else { return files.map { _ in .notChecked("there is no store to ask") } }
        var facts: [Fact<Bool>] = []
        for file in files {
            do throws(StoreError) {
                let offset = try await archive.store.source(at: archive.redactor.redact(file.path))?.offset ?? 0
                facts.append(await Self.isStored(file, upTo: offset))
            } catch {
                facts += Array(repeating: .notChecked("\(error)"), count: files.count - facts.count)
                break
            }
        }
        return facts
    }

    /// The store is not asked whether it is still the same file: one that was replaced by a longer one counts as the old one.
    private static func isStored(_ file: TranscriptFile, upTo offset: Int64) async -> Fact<Bool> {
        // Behind the file's end: it was cut or replaced, and what stands there now was not read.
        if offset > file.size { return .known(false) }
        if offset == file.size { return .known(true) }
        return await offThePool { LastLineBreak.end(of: file.path, after: offset).map { $0 <= offset } }
    }

    private static func missing(among facts: [Fact<Bool>]) -> Fact<Int> {
        for case .notChecked(let reason) in facts { return .notChecked(reason) }
        return .known(facts.count { $0.value == false })
    }

    private static func transcripts(in directory: String) async -> Fact<[TranscriptFile]> {
        await offThePool {
            do throws(TranscriptFiles.Failure) {
                let files = try TranscriptFiles.find(below: directory, limit: maximumFiles) { _ in }
                guard files.count < maximumFiles else { return .notChecked("\(directory) holds \(maximumFiles) files or more") }
                return .known(files.filter { TranscriptLocation(path: $0.path, under: directory) != nil })
            } catch {
                return .notChecked("\(directory) cannot be read: \(error)")
            }
        }
    }

    /// Reading files blocks.
    private static func offThePool<Value>(_ body: @escaping @Sendable () -> Fact<Value>) async -> Fact<Value> {
        do {
            return try await NIOThreadPool.singleton.runIfActive(body)
        } catch {
            return .notChecked("\(error)")
        }
    }
}
