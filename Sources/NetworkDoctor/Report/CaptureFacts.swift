/// What becomes of the transcripts on this host.
package struct CaptureFacts: Sendable, Hashable {
    package struct Transcript: Sendable, Hashable {
        package var path: String
        /// Seconds since 1970 at which Claude Code's cleanup may delete it.
        package var deletedAfter: Int64
        /// Whether the store has all of its lines; not checked where there is no store.
        package var isStored: Fact<Bool>

        package init(path: String, deletedAfter: Int64, isStored: Fact<Bool>) {
            self.path = path
            self.deletedAfter = deletedAfter
            self.isStored = isStored
        }
    }

    /// Claude Code's `cleanupPeriodDays`; 30 where it is not set.
    package var cleanupDays: Fact<Int> = .notChecked(notLookedAt)
    /// How many transcripts there are, and how many of them the store does not have in full.
    package var transcripts: Fact<Int> = .notChecked(notLookedAt)
    package var missing: Fact<Int> = .notChecked(notLookedAt)
    /// The ones that go next, at most ten, soonest first.
    package var next: [Transcript] = []

    package init() {}
}
