import MemoryStore
import Testing

@testable import MemoryRecall

@Suite struct SearchTermsTests {
    @Test func `stop words go where a telling word is left`() {
        #expect(SearchTerms.terms(in: "What did we say about the listener?") == .words(["say", "listener"]))
        #expect(SearchTerms.terms(in: "to be or not to be") == .words(["to", "be", "or", "not"]))
    }

    @Test(arguments: [
        ("a\"b OR (c* NEAR d)", ["b", "c", "near", "d"]),
        ("foo-bar_baz.swift:12", ["foo", "bar", "baz", "swift", "12"]),
        ("Ünïcode 日本語テスト", ["ünïcode", "日本語テスト"]),
    ])
    func `signs of any query language only separate words`(query: String, words: [String]) {
        #expect(SearchTerms.terms(in: query) == .words(words))
    }

    @Test func `a query without a word is looked for literally, and one without anything is none`() {
        #expect(SearchTerms.terms(in: " 🎻 ") == .literal("🎻"))
        #expect(SearchTerms.terms(in: "??  !") == .literal("?? !"))
        #expect(SearchTerms.terms(in: " \n\t") == nil)
    }

    @Test func `the number of words is bounded and none comes twice`() throws {
        let many = (0..<500).map { "word\($0)" }.joined(separator: " ")
        guard case .words(let words)? = SearchTerms.terms(in: many + " word0 word0") else {
            Issue.record("no words")
            return
        }
        #expect(words.count == SearchTerms.maximumWords)
        #expect(Set(words).count == words.count)
    }
}
