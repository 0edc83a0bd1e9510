import JSON

/// One check of one value: the state that goes along, and the keywords that apply to the value as a whole.
///
/// Every check gives back what does not fit. `marks` collects which members or elements were looked at, where somebody around asked
/// (`unevaluatedProperties`, `unevaluatedItems`); `nil` elsewhere, and then alternatives end at the first that fits.
struct SchemaEvaluation {
    let schema: CompiledSchema
    var budget: StepBudget
    private var depth = 0
    /// The resources that were entered, outermost first (Core section 7.1), where `$dynamicRef` needs them.
    private var scope: [Int] = []

    init(_ schema: CompiledSchema) {
        self.schema = schema
        budget = StepBudget(schema.limits.steps)
    }

    mutating func finding(about value: JSONValue) -> Finding? {
        var marks: EvaluatedMarks?
        let finding = check(0, value, &marks)
        return budget.isExhausted ? Finding(.tooComplex) : finding
    }

    /// Checks a part of the value, which has marks of its own.
    mutating func check(_ number: Int, part: JSONValue) -> Finding? {
        var marks: EvaluatedMarks?
        return check(number, part, &marks)
    }

    /// Checks a value against the node with a number.
    mutating func check(_ number: Int, _ value: JSONValue, _ marks: inout EvaluatedMarks?) -> Finding? {
        let node = schema.nodes[number]
        guard budget.spend(), depth < schema.limits.evaluationDepth else {
            budget.exhaust()
            return Finding(.tooComplex)
        }
        depth += 1
        defer { depth -= 1 }
        let enters = !schema.dynamicAnchors.isEmpty && scope.last != node.resource
        if enters { scope.append(node.resource) }
        defer { if enters { scope.removeLast() } }

        guard node.marksEvaluated else { return checkKeywords(node, value, &marks) }
        var own = freshMarks(for: value)
        if let finding = checkKeywords(node, value, &own) ?? checkUnevaluated(node, value, &own) { return finding }
        if let own { marks?.formUnion(own) }
        return nil
    }

    private mutating func checkKeywords(_ node: SchemaNode, _ value: JSONValue, _ marks: inout EvaluatedMarks?) -> Finding? {
        if node.refusesAll { return Finding(.notAllowed) }
        if let types = node.types, !types.accepts(value) { return Finding(.type(types, actual: value)) }
        for allowed in node.allowed {
            guard spend(weightOf: value) else { return Finding(.tooComplex) }
            if !allowed.contains(value) { return Finding(.allowed(allowed.values)) }
        }
        var finding: Finding?
        switch value {
        case .null, .bool: break
        case .integer, .double, .number: if let rules = node.number { finding = check(rules, value) }
        case .string(let text): if let rules = node.text { finding = check(rules, text) }
        case .array(let elements): if let rules = node.array { finding = check(rules, elements, &marks) }
        case .object(let object): if let rules = node.object { finding = check(rules, object, value, &marks) }
        }
        if let finding { return finding }
        guard let logic = node.logic else { return nil }
        return check(logic, value, &marks)
    }

    /// Pays for looking at all of a value; a scalar costs nothing more than the step that led to it.
    mutating func spend(weightOf value: JSONValue) -> Bool {
        switch value {
        case .null, .bool, .integer, .double: true
        case .string(let text), .number(let text): budget.spend(text.utf8.count / 64)
        case .array, .object: budget.spend(ExactValue.weight(of: value, limit: schema.limits.steps))
        }
    }

    /// Marks for a value that has parts. Those of others cost nothing.
    mutating func freshMarks(for value: JSONValue) -> EvaluatedMarks? {
        let count =
            switch value {
            case .array(let elements): elements.count
            case .object(let object): object.count
            default: 0
            }
        return budget.spend(count / 64) ? EvaluatedMarks(count: count) : nil
    }

    private mutating func checkUnevaluated(_ node: SchemaNode, _ value: JSONValue, _ marks: inout EvaluatedMarks?) -> Finding? {
        switch value {
        case .array(let elements):
            guard let rest = node.unevaluatedItems else { return nil }
            for (index, element) in elements.enumerated() where marks?.contains(index) == false {
                if let finding = checkUnevaluated(element, rest) { return finding.inside(.element(index)) }
                marks?.insert(index)
            }
        case .object(let object):
            guard let rest = node.unevaluatedProperties else { return nil }
            for (index, member) in object.members.enumerated() where marks?.contains(index) == false {
                if let finding = checkUnevaluated(member.value, rest) { return finding.inside(.member(member.key)) }
                marks?.insert(index)
            }
        default: break
        }
        return nil
    }

    private mutating func checkUnevaluated(_ part: JSONValue, _ number: Int) -> Finding? {
        schema.nodes[number].refusesAll ? Finding(.unevaluated) : check(number, part: part)
    }

    /// The node that `$dynamicRef` leads to: the outermost resource on the way decides (Core section 8.2.3.2).
    func target(of reference: LogicRules.DynamicReference) -> Int {
        for resource in scope {
            if let target = schema.dynamicAnchors[resource][reference.name] { return target }
        }
        return reference.fallback
    }
}
