import JSON

/// Findings as sentences.
enum FindingText {
    private static let shownValues = 20
    private static let shownForms = 4

    /// A value as it may stand in a sentence: cut, since a schema or a number may be of any length.
    static func short(_ value: JSONValue, limit: Int = 200) -> String {
        if case .double(let number) = value, let integer = Int64(exactly: number) { return String(integer) }
        return short(value.description, limit: limit)
    }

    static func short(_ text: String, limit: Int) -> String {
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex), end < scalars.endIndex else {
            return text
        }
        return String(String.UnicodeScalarView(scalars[..<end])) + "..."
    }

    /// A key as a part of a path.
    static func key(_ key: String) -> String { String(String.UnicodeScalarView(key.unicodeScalars.prefix(64))) }

    static func list(_ values: [JSONValue]) -> String {
        values.prefix(shownValues).map { short($0) }.joined(separator: ", ") + (values.count > shownValues ? ", ..." : "")
    }

    /// `null` is not the name of infinity, though it is written so.
    static func kind(of value: JSONValue) -> String {
        if case .double(let number) = value, !number.isFinite { return "a number that is not finite" }
        return value.kindName
    }

    static func unknown(_ rules: ObjectRules, in owner: String) -> String {
        let known = rules.properties.keys.sorted().prefix(shownValues).map(key)
        let patterns = rules.patterns.prefix(shownForms).map { "names that match \(short($0.pattern.source, limit: 100))" }
        let all = known + patterns
        return all.isEmpty ? "is not known; \(owner) must be empty" : "is not known; known are \(all.joined(separator: ", "))"
    }

    static func forms(_ findings: [Finding], at path: String) -> String {
        var sentences: [String] = []
        for finding in findings {
            let sentence = String(finding.sentence(at: path, isInner: true).dropLast())
            if !sentences.contains(sentence) { sentences.append(sentence) }
            if sentences.count > shownForms { break }
        }
        let shown = sentences.prefix(shownForms).joined(separator: "; or ") + (sentences.count > shownForms ? "; or ..." : "")
        return sentences.count == 1 ? "\(shown)." : "\(path) fits none of the allowed forms: \(shown)."
    }

    static func excluded(_ node: SchemaNode) -> String {
        guard case .object(let object) = node.source else { return "is not allowed" }
        if object.count == 1 {
            if let types = node.types { return "must not be \(types.phrase)" }
            if let values = node.allowed.first?.values { return "must not be \(values.count > 1 ? "one of " : "")\(list(values))" }
            if let pattern = node.text?.pattern { return "must not match the pattern \(short(pattern.source, limit: 200))" }
        }
        return "must not fit \(short(node.source))"
    }
}

extension Finding {
    /// One sentence that begins with the path of the value and ends with a full stop.
    ///
    /// - Parameter isInner: it is a part of another sentence, which lists forms already.
    func sentence(at root: String, isInner: Bool = false) -> String {
        var path = root
        var owner = root
        for step in steps.reversed() {
            owner = path
            switch step {
            case .member(let key): path += ".\(FindingText.key(key))"
            case .element(let index): path += "[\(index)]"
            }
        }
        switch reason {
        case .missing(let key): return "\(path).\(FindingText.key(key)) is required and missing."
        case .missingBeside(let key, let other):
            return "\(path).\(FindingText.key(key)) is required where \(path).\(FindingText.key(other)) is given, and missing."
        case .name(let finding): return "\(path) has a name that does not fit: \(finding.sentence(at: "the name", isInner: isInner))"
        case .noneFits(let findings): return isInner ? "\(path) fits none of its allowed forms." : FindingText.forms(findings, at: path)
        case .unknown(let rules): return "\(path) \(FindingText.unknown(rules, in: owner))."
        // The value as a whole is what is too much.
        case .tooComplex: return "\(root) is too complex to check against its schema."
        default: return "\(path) \(predicate)."
        }
    }

    private var predicate: String {
        switch reason {
        case .type(let types, let actual): "must be \(types.phrase), not \(FindingText.kind(of: actual))"
        case .allowed(let values):
            values.isEmpty ? "is not allowed" : "must be \(values.count > 1 ? "one of " : "")\(FindingText.list(values))"
        case .tooSmall(let least, let actual): "must be at least \(FindingText.short(least)), not \(FindingText.short(actual))"
        case .tooLarge(let most, let actual): "must be at most \(FindingText.short(most)), not \(FindingText.short(actual))"
        case .notAbove(let bound): "must be more than \(FindingText.short(bound))"
        case .notBelow(let bound): "must be less than \(FindingText.short(bound))"
        case .notMultiple(let divisor, let actual): "must be a multiple of \(FindingText.short(divisor)), not \(FindingText.short(actual))"
        case .tooShort(let least, let actual, let counted): "must have at least \(least) \(counted.rawValue), not \(actual)"
        case .tooLong(let most, let actual, let counted): "must have at most \(most) \(counted.rawValue), not \(actual)"
        case .notEmpty: "must be empty"
        case .pattern(let source): "must match the pattern \(FindingText.short(source, limit: 200))"
        case .format(let format): "must be \(format.phrase)"
        case .repeated(let first, let second): "must not hold the same element twice; [\(first)] and [\(second)] are equal"
        case .tooFewMatches(let least, let actual, let node):
            "must hold at least \(least) \(least == 1 ? "element that fits" : "elements that fit") \(FindingText.short(node.source)), not \(actual)"
        case .tooManyMatches(let most, let actual, let node):
            "must hold at most \(most) \(most == 1 ? "element that fits" : "elements that fit") \(FindingText.short(node.source)), not \(actual)"
        case .unevaluated: "is not known"
        case .severalFit(let numbers):
            "must fit exactly one of the allowed forms, and fits numbers "
                + "\(numbers.prefix(4).map { String($0 + 1) }.joined(separator: ", "))\(numbers.count > 4 ? ", ..." : "")"
        case .excluded(let node): FindingText.excluded(node)
        default: "is not allowed"
        }
    }
}
