import MemoryModel
import Testing

@testable import MemoryRecall

@Suite struct RecallCursorTests {
    @Test(arguments: [
        RecallCursor(place: nil),
        RecallCursor(place: .count(0)),
        RecallCursor(place: .count(40), unfinished: ("a~b", 12)),
        RecallCursor(place: .time(MessagePlace(time: Timestamp(milliseconds: -5), row: 7))),
        RecallCursor(place: nil, unfinished: ("4d5611e5-241a", 99)),
    ])
    func `a cursor comes back as it went`(cursor: RecallCursor) throws {
        let back = try #require(RecallCursor(cursor.text))
        #expect(back.place == cursor.place)
        #expect(back.unfinished?.id == cursor.unfinished?.id)
        #expect(back.unfinished?.offset == cursor.unfinished?.offset)
    }

    @Test(arguments: ["", "x", "n", "n-1", "t1", "t1.2.3", "n1~2", "n1~-2~id", "n1~2~", "n99999999999999999999", String(repeating: "n", count: 500)])
    func `what is no cursor is refused`(text: String) {
        #expect(RecallCursor(text) == nil)
    }
}
