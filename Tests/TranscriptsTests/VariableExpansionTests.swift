import Testing

@testable import Transcripts

/// The expectations are what Claude Code 2.1.330 sent over the wire.
@Suite("Variables in configured texts")
struct VariableExpansionTests {
    @Test(
        arguments: [
            ("plain", "plain", []),
            ("${SET}/mcp", "value/mcp", []),
            ("${EMPTY:-default}", "", []),
            ("${NONE:-}", "", []),
            ("${NONE:-a:b}", "a:b", []),
            ("${NONE:-${SET}}", "value", []),
            ("${NONE:-${OTHER}}", "${OTHER}", ["OTHER"]),
            ("Bearer ${NONE} ${NONE}", "Bearer ${NONE} ${NONE}", ["NONE"]),
            ("$SET", "$SET", []),
            ("${SET-q}", "${SET-q}", []),
            ("${SET", "${SET", []),
            ("${}", "${}", []),
            ("$", "$", []),
        ])
    func `A variable is replaced as Claude Code replaces it`(text: String, expected: String, missing: [String]) {
        var expansion = VariableExpansion(environment: ["SET": "value", "EMPTY": ""])
        #expect(expansion.expand(text) == expected)
        #expect(expansion.missing == missing)
    }

    @Test func `Braces without end cost no more than the text is long`() {
        var expansion = VariableExpansion(environment: [:])
        let text = String(repeating: "${A:-", count: 10_000)
        #expect(expansion.expand(text) == text)
    }
}
