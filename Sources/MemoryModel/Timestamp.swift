/// An instant in milliseconds since 1970-01-01T00:00:00Z, the precision of transcripts.
package struct Timestamp: Sendable, Hashable, Comparable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The largest number of milliseconds that any reader takes, before and behind 1970: what JSON's numbers hold exactly.
    package static let largestMilliseconds: Int64 = 1 << 53

    package static let distantPast = Timestamp(milliseconds: 0)

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}
