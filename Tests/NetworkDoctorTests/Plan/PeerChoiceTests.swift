import Testing

@testable import NetworkDoctor

@Suite("The choice of the address for the later layers")
struct PeerChoiceTests {
    private func decision(_ states: [PeerChoice.State], isMomentOver: Bool = false) -> PeerChoice.Decision {
        var choice = PeerChoice(count: states.count)
        for (index, state) in states.enumerated() { choice.note(state, at: index) }
        return choice.decision(isMomentOver: isMomentOver)
    }

    @Test("Takes the first that magenta answers at, without waiting for those behind it")
    func first() {
        #expect(decision([.magenta, .pending]) == .take(0))
        #expect(decision([.lost, .magenta, .pending]) == .take(1))
        #expect(decision([.answered, .magenta]) == .take(1))
    }

    @Test("Waits a moment for an address before the one that answers")
    func moment() {
        #expect(decision([.pending, .magenta]) == .waitAMoment)
        #expect(decision([.pending, .magenta], isMomentOver: true) == .take(1))
        #expect(decision([.answered, .pending]) == .waitAMoment)
        #expect(decision([.pending, .lost], isMomentOver: true) == .wait)
    }

    @Test("Takes one that is connected and silent only where nothing else is left")
    func mute() {
        #expect(decision([.mute, .pending]) == .wait)
        #expect(decision([.lost, .mute]) == .take(1))
        #expect(decision([.mute, .answered]) == .take(1))
    }

    @Test("Takes nobody where nothing is connected")
    func nobody() {
        #expect(decision([.lost, .lost]) == .nobody)
        #expect(decision([]) == .nobody)
    }
}
