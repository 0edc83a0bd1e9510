/// A named phase that the user declares. A message belongs to the era that had begun last at the message's own time;
/// exactly one era, the one begun last, is current.
package struct Era: Sendable, Hashable {
    package var name: String
    /// When it began; the first era of a store begins at ``Timestamp/distantPast``.
    package var start: Timestamp
    /// When the next era began; `nil` for the current one.
    package var end: Timestamp?

    package init(name: String, start: Timestamp, end: Timestamp?) {
        self.name = name
        self.start = start
        self.end = end
    }

    package var isCurrent: Bool { end == nil }
}
