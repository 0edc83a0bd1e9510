import MemoryModel
import Testing

@Suite struct `Places of messages` {
    @Test func `they order by time, then by row`() {
        let places = [(5, 1), (4, 9), (5, 0), (4, 2)].map { MessagePlace(time: Timestamp(milliseconds: $0.0), row: $0.1) }
        #expect(places.sorted().map(\.row) == [2, 9, 0, 1])
    }
}

@Suite struct `Blocks` {
    @Test func `the length counts the bytes of the text`() {
        #expect(Block(kind: .text, text: "é😀").length == 6)
        #expect(Block(kind: .text, text: "é", length: 900).length == 900)
    }
}

@Suite struct `Eras` {
    @Test func `the one without an end is current`() {
        #expect(Era(name: "Now", start: .distantPast, end: nil).isCurrent)
        #expect(!Era(name: "Then", start: .distantPast, end: Timestamp(milliseconds: 1)).isCurrent)
    }
}
