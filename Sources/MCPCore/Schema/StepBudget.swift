/// How many steps are left to check one value. Once they are gone, every check ends at once and the value counts as too complex,
/// whatever stood around it (`not` and `anyOf` must not turn that into a fit).
struct StepBudget {
    private(set) var isExhausted = false
    private var remaining: Int

    init(_ steps: Int) { remaining = steps }

    /// Takes steps away; false where too few were left.
    mutating func spend(_ steps: Int = 1) -> Bool {
        guard !isExhausted, steps <= remaining else {
            isExhausted = true
            return false
        }
        remaining -= max(0, steps)
        return true
    }

    mutating func exhaust() { isExhausted = true }
}
