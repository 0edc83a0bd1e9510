import JSON

/// The first thing in a value that does not fit, and where. Made on failure only, and written as a sentence only where it is the answer.
final class Finding {
    /// One step from a value into it.
    enum Step: Hashable {
        case member(String)
        case element(Int)
    }

    /// What does not fit.
    enum Reason {
        case notAllowed
        case type(ValueTypes, actual: JSONValue)
        case allowed([JSONValue])
        case tooSmall(least: JSONValue, actual: JSONValue)
        case tooLarge(most: JSONValue, actual: JSONValue)
        case notAbove(JSONValue)
        case notBelow(JSONValue)
        case notMultiple(of: JSONValue, actual: JSONValue)
        case tooShort(least: Int, actual: Int, Counted)
        case tooLong(most: Int, actual: Int, Counted)
        case notEmpty
        case pattern(String)
        case format(StringFormat)
        case missing(String)
        case missingBeside(String, String)
        case unknown(ObjectRules)
        case name(Finding)
        case repeated(Int, Int)
        case tooFewMatches(least: Int, actual: Int, SchemaNode)
        case tooManyMatches(most: Int, actual: Int, SchemaNode)
        case unevaluated
        case noneFits([Finding])
        case severalFit([Int])
        case excluded(SchemaNode)
        case tooComplex
    }

    /// What a length or count is one of.
    enum Counted: String {
        case characters, elements, members
    }

    let reason: Reason
    /// From the place of the finding outwards.
    private(set) var steps: [Step] = []

    init(_ reason: Reason) { self.reason = reason }

    /// The finding as the value around sees it.
    func inside(_ step: Step) -> Finding {
        steps.append(step)
        return self
    }

    /// How far the check came before it failed. What a whole value is (its type, its being one of some values) is found out first, and
    /// a value directly in it that must be one of some is what most unions tell their forms apart by.
    var progress: Int {
        switch (reason, steps.count) {
        case (.type, 0), (.notAllowed, 0), (.tooComplex, _): 0
        case (.allowed, 0...1): 1
        default: 2 + steps.count
        }
    }

    /// Whether it is about what a value is as a whole.
    var isAboutKind: Bool {
        switch reason {
        case .type, .allowed, .notAllowed: true
        default: false
        }
    }

    /// What is left to say where no form of several fits.
    static func ofNone(_ findings: [Finding]) -> Finding {
        if findings.count == 1 { return findings[0] }
        let place = findings.first?.steps ?? []
        if findings.allSatisfy({ $0.isAboutKind && $0.steps == place }) { return merged(findings) ?? Finding(.noneFits(findings)) }
        let best = findings.map(\.progress).max() ?? 0
        let chosen = findings.filter { $0.progress == best }
        return chosen.count == 1 ? chosen[0] : Finding(.noneFits(chosen))
    }

    /// Types with types, values with values.
    private static func merged(_ findings: [Finding]) -> Finding? {
        var types: ValueTypes = []
        var values: [JSONValue] = []
        var actual = JSONValue.null
        for finding in findings {
            switch finding.reason {
            case .type(let more, let value):
                types.formUnion(more)
                actual = value
            case .allowed(let more): values.append(contentsOf: more)
            default: break
            }
        }
        guard types.isEmpty || values.isEmpty else { return nil }
        let merged = Finding(types.isEmpty ? values.isEmpty ? .notAllowed : .allowed(values) : .type(types, actual: actual))
        merged.steps = findings.first?.steps ?? []
        return merged
    }
}
