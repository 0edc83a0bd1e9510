import MemoryRecall
import MemoryStore
import MemoryTools
import Redaction
import TranscriptIngest
import Transcripts

/// How the processes of a store capture into it: who reads, and where it goes.
struct LocalCapture: Sendable {
    let sink: StoreSink
    let context: SourceContext

    init(_ settings: Settings, store: any MemoryStore, redactor: Redactor) {
        let echoes = OwnEchoes(toolNames: Set(MemoryTools.names), marker: RecallAnswer.mark)
        sink = StoreSink(store: store, readers: TranscriptReaders(echoes: echoes, redactor: redactor))
        context = Self.context(settings, redactor: redactor)
    }

    /// - Parameter spool: empty for a process that captures into its own store.
    static func context(_ settings: Settings, spool: RedactedText = .empty, redactor: Redactor) -> SourceContext {
        let repositories = RepositoryCache(machine: settings.machine, redactor: redactor, now: { SystemClock.now })
        return SourceContext(
            spool: spool, user: redactor.redact(settings.user), machine: redactor.redact(settings.machine), redactor: redactor,
            repository: repositories.repository, now: { SystemClock.now })
    }
}
