import MemoryModel

/// Where an answer stopped, as a short text that goes to the client and comes back.
///
/// It names a place, never a right: whoever may recall may recall from any place.
struct RecallCursor: Hashable {
    enum Place: Hashable {
        /// Behind this message in the order of time.
        case time(MessagePlace)
        /// Behind this position of a window, or behind this many hits of a search.
        case count(Int)
    }

    /// Behind what the answer goes on.
    var place: Place?
    /// A message of which the text up to this UTF-8 offset was given; it comes before what lies behind `place`.
    var unfinished: (id: String, offset: Int)?

    static func == (left: RecallCursor, right: RecallCursor) -> Bool { left.text == right.text }
    func hash(into hasher: inout Hasher) { hasher.combine(text) }

    init(place: Place?, unfinished: (id: String, offset: Int)? = nil) {
        self.place = place
        self.unfinished = unfinished
    }

    var text: String {
        let start =
            switch place {
            case .time(let place): "t\(place.time.milliseconds).\(place.row)"
            case .count(let count): "n\(count)"
            case nil: "s"
            }
        return unfinished.map { "\(start)~\($0.offset)~\($0.id)" } ?? start
    }

    init?(_ text: String) {
        guard text.utf8.count <= 400 else { return nil }
        let parts = text.split(separator: "~", maxSplits: 2, omittingEmptySubsequences: false)
        if parts.count == 3 {
            guard let offset = Int(parts[1]), offset >= 0, !parts[2].isEmpty else { return nil }
            unfinished = (String(parts[2]), offset)
        } else if parts.count != 1 {
            return nil
        }
        switch parts[0].first {
        case "s" where parts[0].count == 1: place = nil
        case "n":
            guard let count = Int(parts[0].dropFirst()), count >= 0 else { return nil }
            place = .count(count)
        case "t":
            let numbers = parts[0].dropFirst().split(separator: ".", omittingEmptySubsequences: false)
            guard numbers.count == 2, let time = Int64(numbers[0]), let row = Int64(numbers[1]) else { return nil }
            place = .time(MessagePlace(time: Timestamp(milliseconds: time), row: row))
        default: return nil
        }
    }
}
