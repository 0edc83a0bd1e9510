import Testing

@testable import MCPCore

@Suite struct Patterns {
    static func isFound(_ source: String, in text: String, steps: Int = 1_000_000) throws -> Bool {
        var budget = StepBudget(steps)
        return try Pattern(source, instructions: 32_768).isFound(in: text, budget: &budget)
    }

    static let matches: [(String, good: [String], bad: [String])] = [
        ("", ["", "x"], []),
        ("b", ["abc"], ["ac", ""]),
        ("^b", ["bc"], ["ab"]),
        ("b$", ["ab"], ["bc", "b\n"]),
        ("^$", [""], ["a"]),
        ("^(ab|cd)$", ["ab", "cd"], ["abcd", "ad"]),
        ("^(?:a|)$", ["a", ""], ["b"]),
        ("^(?<name>a)b$", ["ab"], ["a"]),
        ("^a*b+c?$", ["b", "aabbc"], ["a", "bcc"]),
        ("^a{3}$", ["aaa"], ["aa", "aaaa"]),
        ("^a{2,}$", ["aa", "aaaaa"], ["a"]),
        ("^a{1,3}?$", ["a", "aaa"], ["", "aaaa"]),
        ("^a{0}b$", ["b"], ["ab"]),
        ("^(a{2}){2}$", ["aaaa"], ["aa", "aaa"]),
        ("^x{$", ["x{"], ["x"]),
        ("^x{a}]$", ["x{a}]"], ["x"]),
        ("^.$", ["a", "\u{1F600}"], ["\n", "\r", "\u{2028}", "ab"]),
        ("^[abc]$", ["a", "c"], ["d", "ab"]),
        ("^[^abc]$", ["d", "\n", "\u{1F600}"], ["a", ""]),
        ("^[a-c_-]$", ["b", "_", "-"], ["d"]),
        ("^[-a]$", ["-", "a"], ["b"]),
        ("^[\\w-.]+$", ["a-b.c"], ["a b"]),
        ("^[^\\d\\s]$", ["a"], ["1", " "]),
        ("^[\\]\\\\]$", ["]", "\\"], ["a"]),
        ("a[]", [], ["a"]),
        ("^[^]$", ["a", "\n"], [""]),
        ("^\\d\\D$", ["1a"], ["a1", "\u{661}a"]),
        ("^\\w\\W$", ["_-", "Z "], ["-_", "\u{E9}-"]),
        ("^\\s\\S$", ["\u{A0}x", "\u{FEFF}x", "\tx"], ["x "]),
        ("\\bcat\\b", ["a cat.", "cat"], ["concat", "cats"]),
        ("a\\Bb", ["ab"], ["a b"]),
        ("^\\t\\n\\v\\f\\r\\0$", ["\t\n\u{B}\u{C}\r\0"], ["t"]),
        ("^\\x41\\u0042\\u{43}\\cA$", ["ABC\u{1}"], ["abc"]),
        ("^\\uD83D\\uDE00$", ["\u{1F600}"], ["\u{1F601}"]),
        ("^\\.\\*\\/\\-\\@$", [".*/-@"], ["a*/-@"]),
        ("^\\p{L}+$", ["a\u{E9}\u{4E2D}"], ["a1"]),
        ("^\\p{Lu}\\P{Lu}$", ["Ab"], ["ab", "AB"]),
        ("^\\p{Letter}\\p{gc=Nd}$", ["a\u{661}"], ["ab"]),
        ("^[\\p{Lu}\\d]+$", ["A1"], ["a"]),
        ("^[^\\P{Alphabetic}]$", ["\u{E9}"], ["1"]),
        ("^(a*)*$", ["", "aaa"], ["b"]),
        ("^(^a|b$)$", ["a", "b"], ["ab"]),
        ("a|^b", ["xa", "bx"], ["xb"]),
        ("\u{E9}", ["\u{E9}"], ["e\u{301}"]),
    ]

    @Test(arguments: matches) func `an expression matches as ECMA-262 says`(source: String, good: [String], bad: [String]) throws {
        for text in good { #expect(try Self.isFound(source, in: text), "\(text)") }
        for text in bad { #expect(try !Self.isFound(source, in: text), "\(text)") }
    }

    static let refused: [(String, String)] = [
        ("(?=a)", "uses (?=...), which is not supported: matching must take linear time"),
        ("(?!a)", "uses (?!...), which is not supported: matching must take linear time"),
        ("(?<=a)b", "uses (?<=...), which is not supported: matching must take linear time"),
        ("(?<!a)b", "uses (?<!...), which is not supported: matching must take linear time"),
        ("(a)\\1", "uses the back reference \\1, which is not supported: matching must take linear time"),
        ("(?<n>a)\\k<n>", "uses a back reference \\k, which is not supported: matching must take linear time"),
        ("(?i:a)", "has a group that begins with (? and is of no known kind"),
        ("(a", "has a ( without its )"), ("a)", "has a ) without its ("), ("[a", "has a [ without its ]"), ("[a-", "has a [ without its ]"),
        ("(?<n", "has a group whose name does not end"), ("*a", "has a * with nothing before it to repeat"),
        ("a**", "has a * with nothing before it to repeat"), ("{2}", "has a {} with nothing before it to repeat"),
        ("a{3,2}", "repeats something {3,2}: the bounds are in the wrong order"), ("[z-a]", "has a range in brackets that is in the wrong order"),
        ("a\\", "ends with a backslash"), ("\\y", "has the escape \\y, which is not known"), ("\\c1", "has a \\c without a letter"),
        ("\\x4", "has an escape that wants 2 hexadecimal digits"), ("\\u12", "has an escape that wants 4 hexadecimal digits"),
        ("\\u{110000}", "has a \\u{...} that names no code point"), ("\\01", "has an octal escape; write \\x and two digits"),
        ("\\p", "has a \\p without its {name}"), ("\\p{L", "has a \\p whose name does not end"),
        (
            "\\p{Script=Greek}",
            "uses \\p{Script=Greek}; supported are general categories such as L, Lu and Nd, and a few binary properties"
        ),
        ("(((a{100}){100}){100}){100}", "comes to more than 32768 steps with its repetitions written out"),
        ("a{1000000000000000000000}", "comes to more than 32768 steps with its repetitions written out"),
        (String(repeating: "(", count: 51), "nests groups deeper than 50 levels"),
    ]

    @Test(arguments: refused) func `an expression that is malformed or not regular is refused`(source: String, reason: String) {
        #expect(throws: PatternError(reason: reason)) { try Pattern(source, instructions: 32_768) }
    }

    @Test(arguments: ["(a+)+$", "^(a|a)*$", "(a|aa)+$", "(.*a){12}$", "^(a?){30}a{30}$", "^(((a*)*)*)*$"])
    func `an expression that would take others forever takes linear time`(source: String) throws {
        let text = String(repeating: "a", count: 20_000) + "b"
        #expect(try !Self.isFound(source, in: text, steps: .max))
    }

    @Test func `repeating nothing takes no time`() throws {
        #expect(try Self.isFound("^(?:){1000000000}a$", in: "a"))
    }

    @Test func `a search ends with its budget`() throws {
        var budget = StepBudget(1000)
        let text = String(repeating: "a", count: 100_000) + "b"
        #expect(try !Pattern("a+c", instructions: 100).isFound(in: text, budget: &budget))
        #expect(budget.isExhausted)
    }

    @Test func `an anchored search ends where it cannot match any more`() throws {
        var budget = StepBudget(10)
        let text = "b" + String(repeating: "a", count: 100_000)
        #expect(try !Pattern("^a+$", instructions: 100).isFound(in: text, budget: &budget))
        #expect(!budget.isExhausted)
    }
}
