import JSON
import MemoryModel
import Testing

@testable import MemoryRecall

@Suite struct TokenBudgetTests {
    private func message(_ text: String) -> Message {
        Message(
            id: "m1", conversation: "c1", window: WindowID(number: 1), position: 1, participant: Participant(role: .human), kind: .prompt,
            project: "/p", branch: nil, time: Timestamp(milliseconds: 0), model: nil, parent: nil,
            blocks: [Block(kind: .text, text: text)], place: MessagePlace(time: Timestamp(milliseconds: 0), row: 1))
    }

    @Test func `both forms of what was taken stay within the budget, escapes counted`() {
        let texts = ["plain words in a row ", "\"quoted\\\" \n\t", "日本語テスト🎻", "a1b2c3d4-e5f6-7890 ", "{\"k\":[1,2,3]},"]
        for text in texts {
            var budget = TokenBudget(tokens: 2000)
            while budget.take(message(String(repeating: text, count: 20))) {}
            let answer = RecallAnswer(passages: budget.passages, cursor: "n1234567~123456~4d5611e5-241a-462a-8d15-5122611a9569")
            #expect(!budget.passages.isEmpty)
            #expect(TokenEstimate.tokens(in: answer.plainText) <= 2000)
            #expect(TokenEstimate.tokens(in: JSONWriter.bytes(of: answer.value)) <= 2000)
        }
    }

    @Test func `a text that fits no budget comes in parts that make up the whole`() {
        let whole = (0..<30_000).map { "wörd\($0)\n" }.joined()
        var offset: Int? = 0
        var collected = ""
        var rounds = 0
        while let start = offset, rounds < 2000 {
            var budget = TokenBudget(tokens: 1000)
            offset = budget.takePart(of: message(whole), from: start)
            let answer = RecallAnswer(passages: budget.passages)
            #expect(TokenEstimate.tokens(in: JSONWriter.bytes(of: answer.value)) <= 1000)
            collected += budget.passages.map(\.text).joined()
            rounds += 1
        }
        #expect(collected == whole)
    }

    @Test func `a part never splits a character`() {
        let passage = Passage(message("🎻🎻🎻"), from: 1, length: 6)
        #expect(passage.text == "🎻")
        #expect(passage.part == 0..<4)
    }
}

@Suite struct TokenEstimateTests {
    @Test(arguments: [("", 0), ("word", 1), ("three little words", 6), ("1234", 2), ("日本", 3), ("a-b", 3), ("    x", 2)])
    func `runs cost what the rule says`(text: String, tokens: Int) {
        #expect(TokenEstimate.tokens(in: text) == tokens)
    }
}
