package import MemoryStore

/// What a watch tells whoever wants to know, in the order in which it happened. Paths are as the directory shows them: nothing has
/// passed a redactor.
package enum WatchEvent: Sendable {
    /// A source that was not known, or that has changed since it was read.
    case seen(SourceSight)
    /// A batch is in the sink.
    case taken(SourceProgress)
    /// The source was read to its end; what stands behind its last line break, from `position.offset` to `lookedTo`, waits.
    case read(path: String, position: SourcePosition, lookedTo: Int64)
    case refused(ImportReport.Refusal)
    /// The sink did not take what was read, or the source could not be read. It will be tried again; nothing is passed over.
    case failed(WatchFailure)
    /// The file is no longer there.
    case gone(path: String)
    /// A directory to watch that cannot be read, most often since it is not there yet; told once, until it changes.
    case rootMissing(path: String, reason: String)
    case rootFound(path: String)
    /// Everything that is known of is in the sink, but for what failed.
    case caughtUp
    case mode(WatchMode)
}

/// A source as the directory shows it.
package struct SourceSight: Sendable, Hashable {
    package var path: String
    package var size: Int64
    /// Milliseconds since 1970.
    package var modified: Int64
}

/// A batch that a sink took.
package struct SourceProgress: Sendable {
    package var path: String
    /// The position behind the batch.
    package var position: SourcePosition
    /// The file's length when it was read.
    package var size: Int64
    package var counts: CaptureCounts
}

package struct WatchFailure: Sendable, Hashable {
    package enum Side: Sendable, Hashable {
        case source
        case sink
    }

    package var side: Side
    package var path: String
    package var reason: String
    /// When it is tried again at the latest.
    package var retryIn: Duration
}

/// How a watch hears of changes.
package enum WatchMode: Sendable, Hashable {
    case events
    /// By looking at everything again and again.
    /// - Parameter reason: why, with the fix; `nil` where this platform has nothing better.
    case polling(reason: String?)
}
