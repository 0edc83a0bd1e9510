/// Which of the addresses the later layers are tried on: the first in order that magenta answers at, else the first that answers HTTP,
/// else the first that is connected.
struct PeerChoice: Sendable {
    enum State: Sendable, Hashable {
        case pending
        /// Not connected, or connected to what speaks another protocol.
        case lost
        /// Connected, and no answer came.
        case mute
        case answered
        case magenta
    }

    enum Decision: Sendable, Hashable {
        case wait
        /// Something answers, and an address before it may still: wait for it a moment.
        case waitAMoment
        case take(Int)
        case nobody
    }

    private(set) var states: [State]

    init(count: Int) {
        states = Array(repeating: .pending, count: count)
    }

    mutating func note(_ state: State, at index: Int) { states[index] = state }

    func decision(isMomentOver: Bool) -> Decision {
        let firstPending = states.firstIndex(of: .pending)
        let magenta = states.firstIndex(of: .magenta)
        if let magenta, magenta < firstPending ?? states.count { return .take(magenta) }
        let best = magenta ?? states.firstIndex(of: .answered)
        guard firstPending != nil else { return (best ?? states.firstIndex(of: .mute)).map { .take($0) } ?? .nobody }
        guard let best else { return .wait }
        return isMomentOver ? .take(best) : .waitAMoment
    }
}
