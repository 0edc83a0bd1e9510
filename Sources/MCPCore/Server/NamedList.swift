import Synchronization

/// Elements in the order in which they came, found by their name; they may come and go while the server serves.
final class NamedList<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var places: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let name: @Sendable (Element) -> String

    init(name: @escaping @Sendable (Element) -> String) { self.name = name }

    var all: [Element] { state.withLock { $0.elements } }
    var isEmpty: Bool { state.withLock { $0.elements.isEmpty } }

    subscript(name: String) -> Element? {
        state.withLock { state in state.places[name].map { state.elements[$0] } }
    }

    /// - Returns: false where an element of that name is there.
    func add(_ element: Element) -> Bool {
        let name = name(element)
        return state.withLock { state in
            guard state.places[name] == nil else { return false }
            state.places[name] = state.elements.count
            state.elements.append(element)
            return true
        }
    }

    /// - Returns: false where there is none of that name.
    func remove(_ name: String) -> Bool {
        state.withLock { state in
            guard let place = state.places.removeValue(forKey: name) else { return false }
            state.elements.remove(at: place)
            for (other, index) in state.places where index > place { state.places[other] = index - 1 }
            return true
        }
    }
}
