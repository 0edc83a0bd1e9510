/// A regular expression of ECMA-262, as `pattern` and `patternProperties` use it: compiled once, found anywhere in a text, in time
/// proportional to the text times the expression whatever both are (a simulation of Thompson's automaton, no backtracking).
///
/// It works on code points, as with the `u` flag. Lookaheads, lookbehinds, back references and modifiers are refused, since they have
/// no automaton. Escapes that the `u` flag forbids stand for their character, as they do without the flag.
struct Pattern: Sendable {
    /// As the schema has it.
    let source: String
    private let program: PatternProgram

    /// - Parameters:
    ///   - source: the expression, without slashes and flags.
    ///   - instructions: how many instructions it may come to.
    init(_ source: String, instructions limit: Int) throws(PatternError) {
        var parser = PatternParser(source)
        program = try PatternProgram(try parser.expression(), limit: limit)
        self.source = source
    }

    /// How many instructions it came to.
    var instructionCount: Int { program.instructions.count }

    /// Whether some part of a text matches; also false once the budget is exhausted.
    func isFound(in text: String, budget: inout StepBudget) -> Bool {
        var search = PatternSearch(program)
        return search.isFound(in: text.unicodeScalars, budget: &budget)
    }
}

/// Why an expression cannot be used.
struct PatternError: Error, Sendable, Hashable {
    /// What is wrong, as the part of a sentence behind "the pattern ...".
    let reason: String
}

/// An expression as a tree.
indirect enum PatternTree: Sendable, Hashable {
    case empty
    case one(ScalarSet)
    case start
    case end
    case wordBoundary(isNegated: Bool)
    case sequence([PatternTree])
    case choice([PatternTree])
    case repetition(PatternTree, minimum: Int, maximum: Int?)

    /// Whether it can match at the start of a text only.
    var isAnchored: Bool {
        switch self {
        case .start: true
        case .sequence(let parts): parts.first?.isAnchored ?? false
        case .choice(let branches): branches.allSatisfy(\.isAnchored)
        case .repetition(let part, let minimum, _): minimum > 0 && part.isAnchored
        default: false
        }
    }
}
