import JSON

/// The keywords that put subschemas together, all about the same value (Core sections 8.2.3, 10.2.1 and 10.2.2).
extension SchemaEvaluation {
    mutating func check(_ rules: LogicRules, _ value: JSONValue, _ marks: inout EvaluatedMarks?) -> Finding? {
        for reference in rules.references {
            if let finding = check(reference, value, &marks) { return finding }
        }
        if let reference = rules.dynamic, let finding = check(target(of: reference), value, &marks) { return finding }
        for branch in rules.allOf {
            if let finding = check(branch, value, &marks) { return finding }
        }
        if !rules.anyOf.isEmpty, let finding = checkAny(rules.anyOf, value, &marks) { return finding }
        if !rules.oneOf.isEmpty, let finding = checkOne(rules.oneOf, value, &marks) { return finding }
        if let excluded = rules.not, check(excluded, part: value) == nil { return Finding(.excluded(schema.nodes[excluded])) }
        guard let condition = rules.condition, rules.consequence != nil || rules.alternative != nil || marks != nil else { return nil }
        let next = attempt(condition, value, &marks) == nil ? rules.consequence : rules.alternative
        return next.flatMap { check($0, value, &marks) }
    }

    /// Checks a branch that may fail without the whole failing: it leaves its marks only where it fits.
    private mutating func attempt(_ branch: Int, _ value: JSONValue, _ marks: inout EvaluatedMarks?) -> Finding? {
        guard marks != nil else { return check(branch, part: value) }
        var own = freshMarks(for: value)
        if let finding = check(branch, value, &own) { return finding }
        if let own { marks?.formUnion(own) }
        return nil
    }

    private mutating func checkAny(_ branches: [Int], _ value: JSONValue, _ marks: inout EvaluatedMarks?) -> Finding? {
        var findings: [Finding] = []
        for branch in branches {
            guard let finding = attempt(branch, value, &marks) else {
                // Who collects marks must have them of every branch that fits.
                if marks == nil { return nil }
                continue
            }
            if budget.isExhausted { return finding }
            findings.append(finding)
        }
        return findings.count < branches.count ? nil : best(of: findings, branches, value)
    }

    private mutating func checkOne(_ branches: [Int], _ value: JSONValue, _ marks: inout EvaluatedMarks?) -> Finding? {
        var findings: [Finding] = []
        var fitting: [Int] = []
        for (number, branch) in branches.enumerated() {
            guard let finding = attempt(branch, value, &marks) else {
                fitting.append(number)
                continue
            }
            if budget.isExhausted { return finding }
            findings.append(finding)
        }
        if fitting.count > 1 { return Finding(.severalFit(fitting)) }
        return fitting.isEmpty ? best(of: findings, branches, value) : nil
    }

    /// What to say where no branch fits: what is wrong in the form that the value claims to have, where its members say which that is.
    private mutating func best(of findings: [Finding], _ branches: [Int], _ value: JSONValue) -> Finding {
        guard case .object(let object) = value else { return Finding.ofNone(findings) }
        var claimed: [Finding] = []
        var disclaimed: [Finding] = []
        for (branch, finding) in zip(branches, findings) {
            if let disclaimer = disclaimer(of: branch, by: object) { disclaimed.append(disclaimer) } else { claimed.append(finding) }
        }
        return Finding.ofNone(claimed.isEmpty ? disclaimed : claimed)
    }

    /// The member of the object, such as its `kind`, that is none of the values which a form names for it.
    private mutating func disclaimer(of branch: Int, by object: JSONObject) -> Finding? {
        var node = schema.nodes[branch]
        var hops = 0
        while node.object == nil, let next = node.logic?.references.first, hops < 8 {
            node = schema.nodes[next]
            hops += 1
        }
        guard let rules = node.object else { return nil }
        for member in object.members where member.value.array == nil && member.value.object == nil {
            guard budget.spend() else { return nil }
            guard let property = rules.properties[member.key] else { continue }
            if let allowed = schema.nodes[property].allowed.first(where: { !$0.contains(member.value) }) {
                return Finding(.allowed(allowed.values)).inside(.member(member.key))
            }
        }
        return nil
    }
}
