/// Paths in the order in which they came, each once. One that is removed in the middle is passed over when its place comes up.
struct PathQueue {
    private struct Place {
        var path: String
        var ticket: Int
    }

    private var places: [Place] = []
    private var first = 0
    /// Those that go before all others, the last one first.
    private var front: [Place] = []
    /// The ticket of each path that waits.
    private var tickets: [String: Int] = [:]
    private var nextTicket = 0

    var isEmpty: Bool { tickets.isEmpty }

    mutating func append(_ path: String) {
        if let place = place(for: path) { places.append(place) }
    }

    mutating func prepend(_ path: String) {
        if let place = place(for: path) { front.append(place) }
    }

    mutating func remove(_ path: String) { tickets[path] = nil }

    mutating func popFirst() -> String? {
        while let place = front.popLast() ?? popPlace() {
            guard tickets[place.path] == place.ticket else { continue }
            tickets[place.path] = nil
            return place.path
        }
        return nil
    }

    private mutating func popPlace() -> Place? {
        guard first < places.count else { return nil }
        defer {
            first += 1
            if first > 1024, first * 2 > places.count {
                places.removeFirst(first)
                first = 0
            }
        }
        return places[first]
    }

    private mutating func place(for path: String) -> Place? {
        guard tickets[path] == nil else { return nil }
        nextTicket += 1
        tickets[path] = nextTicket
        return Place(path: path, ticket: nextTicket)
    }
}
