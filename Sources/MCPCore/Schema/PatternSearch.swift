/// A run of an automaton over a text: all states at once, so that no choice is ever taken back.
struct PatternSearch {
    private let program: PatternProgram
    /// For each instruction, the position (counted from 1) at which it was last reached.
    private var reached: [Int]
    private var waiting: [Int] = []
    private var consuming: [Int] = []
    /// Instructions that no step was taken for yet.
    private var work: Int

    init(_ program: PatternProgram) {
        self.program = program
        reached = Array(repeating: 0, count: program.instructions.count)
        work = program.instructions.count
    }

    /// Whether some part of the text matches. Sixteen instructions count as one step.
    mutating func isFound(in text: String.UnicodeScalarView, budget: inout StepBudget) -> Bool {
        var scalars = text.makeIterator()
        var before: Unicode.Scalar?
        var after = scalars.next()
        var position = 1
        while true {
            if position == 1 || !program.isAnchored { waiting.append(0) }
            if follow(at: position, between: before, and: after) { return true }
            guard let scalar = after else { return false }
            if work >= 16 {
                guard budget.spend(work / 16) else { return false }
                work %= 16
            }
            for place in consuming {
                if case .one(let set) = program.instructions[place], program.sets[set].contains(scalar) { waiting.append(place + 1) }
            }
            if waiting.isEmpty, program.isAnchored { return false }
            before = scalar
            after = scalars.next()
            position += 1
        }
    }

    /// Follows everything that consumes nothing, and collects what consumes. True where the end of the expression is reached.
    private mutating func follow(at position: Int, between before: Unicode.Scalar?, and after: Unicode.Scalar?) -> Bool {
        consuming.removeAll(keepingCapacity: true)
        while let place = waiting.popLast() {
            work += 1
            guard reached[place] != position else { continue }
            reached[place] = position
            switch program.instructions[place] {
            case .match: return true
            case .one: consuming.append(place)
            case .jump(let target): waiting.append(target)
            case .split(let first, let second):
                waiting.append(second)
                waiting.append(first)
            case .start: if before == nil { waiting.append(place + 1) }
            case .end: if after == nil { waiting.append(place + 1) }
            case .wordBoundary(let isNegated):
                let isBoundary = (before.map(ScalarSet.isWord) ?? false) != (after.map(ScalarSet.isWord) ?? false)
                if isBoundary != isNegated { waiting.append(place + 1) }
            }
        }
        return false
    }
}
