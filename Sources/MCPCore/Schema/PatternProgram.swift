/// One step of an automaton.
enum PatternInstruction: Sendable {
    /// Consumes one code point of the set with this number, and goes on behind.
    case one(Int)
    /// Goes on at both places.
    case split(Int, Int)
    case jump(Int)
    case start
    case end
    case wordBoundary(isNegated: Bool)
    case match
}

/// An expression as an automaton (Thompson's construction), with repetitions written out.
struct PatternProgram: Sendable {
    private(set) var instructions: [PatternInstruction] = []
    private(set) var sets: [ScalarSet] = []
    /// Whether no match begins behind the start of a text.
    let isAnchored: Bool

    private let limit: Int
    private var setNumbers: [ScalarSet: Int] = [:]

    init(_ tree: PatternTree, limit: Int) throws(PatternError) {
        self.limit = limit
        isAnchored = tree.isAnchored
        try emit(tree)
        try append(.match)
    }

    private mutating func append(_ instruction: PatternInstruction) throws(PatternError) {
        guard instructions.count < limit else {
            throw PatternError(reason: "comes to more than \(limit) steps with its repetitions written out")
        }
        instructions.append(instruction)
    }

    private mutating func emit(_ tree: PatternTree) throws(PatternError) {
        switch tree {
        case .empty: break
        case .one(let set): try append(.one(number(of: set)))
        case .start: try append(.start)
        case .end: try append(.end)
        case .wordBoundary(let isNegated): try append(.wordBoundary(isNegated: isNegated))
        case .sequence(let parts): for part in parts { try emit(part) }
        case .choice(let branches): try emit(branches)
        case .repetition(let part, let minimum, let maximum): try emit(part, minimum, maximum)
        }
    }

    private mutating func number(of set: ScalarSet) -> Int {
        if let number = setNumbers[set] { return number }
        sets.append(set)
        setNumbers[set] = sets.count - 1
        return sets.count - 1
    }

    private mutating func emit(_ branches: [PatternTree]) throws(PatternError) {
        var ends: [Int] = []
        for (number, branch) in branches.enumerated() {
            guard number < branches.count - 1 else {
                try emit(branch)
                break
            }
            let split = instructions.count
            try append(.split(split + 1, split + 1))
            try emit(branch)
            ends.append(instructions.count)
            try append(.jump(0))
            instructions[split] = .split(split + 1, instructions.count)
        }
        for end in ends { instructions[end] = .jump(instructions.count) }
    }

    private mutating func emit(_ part: PatternTree, _ minimum: Int, _ maximum: Int?) throws(PatternError) {
        for _ in 0..<minimum {
            let start = instructions.count
            try emit(part)
            // Nothing, however often: `(?:){1000000000}`.
            if instructions.count == start { return }
        }
        guard let maximum else {
            let split = instructions.count
            try append(.split(split + 1, split + 1))
            try emit(part)
            try append(.jump(split))
            instructions[split] = .split(split + 1, instructions.count)
            return
        }
        var splits: [Int] = []
        for _ in minimum..<max(minimum, maximum) {
            splits.append(instructions.count)
            try append(.split(0, 0))
            try emit(part)
        }
        for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }
}
