package import Logging
import MemoryStore
import Transcripts

/// One pass over directories of transcripts. Never stops at a line or a file that it cannot read, and never loses one: what
/// became of each line is counted and kept.
///
/// Only one process may capture into a store at a time: take the store's capture lock first. A pass that is cut off resumes at
/// the last batch that was stored.
package struct TranscriptImport: Sendable {
    private let sink: any LineSink
    private let context: SourceContext
    private let logger: Logger

    package init(into sink: any LineSink, context: SourceContext, logger: Logger) {
        self.sink = sink
        self.context = context
        self.logger = logger
    }

    /// Imports all that is new below the directories.
    ///
    /// - Throws: `ImportError` where a directory cannot be read, `StoreError` where the store fails, `CancellationError`.
    package func run(_ directories: [String], progress: (ImportProgress) -> Void = { _ in }) async throws -> ImportReport {
        var report = ImportReport()
        var files: [SourceDiscovery.Found] = []
        for directory in directories {
            do throws(TranscriptFilesError) {
                files += try SourceDiscovery.sources(below: directory) { problem in
                    if case .passedOver(let reason) = problem {
                        logger.notice("not everything is read", metadata: ["reason": "\(reason)"])
                        report.passedOver.append(reason)
                    } else {
                        logger.warning("not everything can be read", metadata: ["reason": "\(problem)"])
                        report.problems.append("\(problem)")
                    }
                }
            } catch {
                throw ImportError(operation: "import from \(error.root)", cause: "\(error.cause); name a directory of transcripts")
            }
        }
        var state = ImportProgress(
            files: 0, totalFiles: files.count, bytes: 0, totalBytes: files.reduce(0) { $0 + $1.file.size }, lines: 0)
        for found in files {
            let before = state.bytes
            do {
                try await SourceReading(found.source, context: context).run(into: sink, &report) { batch, counts in
                    state.bytes += batch.end.offset - batch.start.offset
                    state.lines += counts.lines
                    state.batch = counts
                    progress(state)
                }
                report.files += 1
            } catch let error as ImportError {
                logger.warning("cannot read a transcript", metadata: ["reason": "\(error)"])
                report.problems.append("\(error)")
            }
            state.files += 1
            state.batch = CaptureCounts()
            state.bytes = before + found.file.size
            progress(state)
        }
        return report
    }
}
