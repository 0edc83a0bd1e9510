import JSON

/// The keywords about numbers and strings (Validation sections 6.2, 6.3 and 7).
extension SchemaEvaluation {
    mutating func check(_ rules: NumberRules, _ number: JSONValue) -> Finding? {
        guard spend(weightOf: number) else { return Finding(.tooComplex) }
        if let bound = rules.minimum, bound.isAbove(number) { return Finding(.tooSmall(least: bound.value, actual: number)) }
        if let bound = rules.maximum, bound.isBelow(number) { return Finding(.tooLarge(most: bound.value, actual: number)) }
        if let bound = rules.exclusiveMinimum, !bound.isBelow(number) { return Finding(.notAbove(bound.value)) }
        if let bound = rules.exclusiveMaximum, !bound.isAbove(number) { return Finding(.notBelow(bound.value)) }
        if let bound = rules.multipleOf, !bound.divides(number) { return Finding(.notMultiple(of: bound.value, actual: number)) }
        return nil
    }

    mutating func check(_ rules: TextRules, _ text: String) -> Finding? {
        if rules.minLength != nil || rules.maxLength != nil {
            guard budget.spend(text.utf8.count / 1024) else { return Finding(.tooComplex) }
            // JSON Schema counts code points.
            let length = text.unicodeScalars.count
            if let least = rules.minLength, length < least { return Finding(.tooShort(least: least, actual: length, .characters)) }
            if let most = rules.maxLength, length > most { return Finding(.tooLong(most: most, actual: length, .characters)) }
        }
        if let pattern = rules.pattern, !pattern.isFound(in: text, budget: &budget) { return Finding(.pattern(pattern.source)) }
        if let format = rules.format {
            guard budget.spend(text.utf8.count / 1024) else { return Finding(.tooComplex) }
            if !format.accepts(text) { return Finding(.format(format)) }
        }
        return nil
    }
}

extension NumberBound {
    /// Integers and doubles below 2^53 in size are what each other's type can hold.
    private static let exactDoubles = -9_007_199_254_740_992...9_007_199_254_740_992 as ClosedRange<Int64>

    /// Whether the bound is less than a number.
    func isBelow(_ number: JSONValue) -> Bool { compares(to: number, with: <, <, <) }

    /// Whether the bound is more than a number.
    func isAbove(_ number: JSONValue) -> Bool { compares(to: number, with: >, >, >) }

    private func compares(
        to number: JSONValue, with integers: (Int64, Int64) -> Bool, _ doubles: (Double, Double) -> Bool,
        _ exactly: (ExactNumber, ExactNumber) -> Bool
    ) -> Bool {
        switch (value, number) {
        case (.integer(let bound), .integer(let number)): return integers(bound, number)
        case (.double(let bound), .double(let number)): return doubles(bound, number)
        case (.integer(let bound), .double(let number)) where Self.exactDoubles.contains(bound): return doubles(Double(bound), number)
        case (.double(let bound), .integer(let number)) where Self.exactDoubles.contains(number): return doubles(bound, Double(number))
        default: return ExactNumber(number).map { exactly(exact, $0) } ?? false
        }
    }

    /// Whether a number is a multiple of the bound, which is positive.
    func divides(_ number: JSONValue) -> Bool {
        if case .integer(let divisor) = value, case .integer(let number) = number, divisor > 0 { return number % divisor == 0 }
        return ExactNumber(number).flatMap { $0.isMultiple(of: exact) } ?? false
    }
}
