import JSON

/// The keywords about the parts of objects and arrays (Validation sections 6.4 and 6.5, Core section 10.3).
extension SchemaEvaluation {
    mutating func check(
        _ rules: ObjectRules, _ object: JSONObject, _ value: JSONValue, _ marks: inout EvaluatedMarks?
    ) -> Finding? {
        guard budget.spend(object.count / 16 + rules.lookups) else { return Finding(.tooComplex) }
        let sought = MemberLookup(object, lookups: rules.lookups)
        if let finding = checkCounts(rules, object.count) ?? checkPresence(rules, sought) { return finding }
        for (index, member) in object.members.enumerated() {
            var isKnown = false
            if let property = rules.properties[member.key] {
                isKnown = true
                if let finding = check(property, part: member.value) { return finding.inside(.member(member.key)) }
            }
            for entry in rules.patterns where entry.pattern.isFound(in: member.key, budget: &budget) {
                isKnown = true
                if let finding = check(entry.schema, part: member.value) { return finding.inside(.member(member.key)) }
            }
            if budget.isExhausted { return Finding(.tooComplex) }
            if !isKnown, let additional = rules.additional {
                isKnown = true
                let finding = schema.nodes[additional].refusesAll ? Finding(.unknown(rules)) : check(additional, part: member.value)
                if let finding { return finding.inside(.member(member.key)) }
            }
            if isKnown { marks?.insert(index) }
            if let names = rules.names, let finding = check(names, part: .string(member.key)) {
                return Finding(.name(finding)).inside(.member(member.key))
            }
        }
        for entry in rules.dependentSchemas where sought[entry.key] != nil {
            if let finding = check(entry.schema, value, &marks) { return finding }
        }
        return nil
    }

    private func checkCounts(_ rules: ObjectRules, _ count: Int) -> Finding? {
        if let least = rules.minProperties, count < least { return Finding(.tooShort(least: least, actual: count, .members)) }
        if let most = rules.maxProperties, count > most { return Finding(.tooLong(most: most, actual: count, .members)) }
        return nil
    }

    private func checkPresence(_ rules: ObjectRules, _ members: MemberLookup) -> Finding? {
        for key in rules.required where members[key] == nil { return Finding(.missing(key)) }
        for entry in rules.dependentRequired where members[entry.key] != nil {
            for key in entry.required where members[key] == nil { return Finding(.missingBeside(key, entry.key)) }
        }
        return nil
    }

    mutating func check(_ rules: ArrayRules, _ elements: [JSONValue], _ marks: inout EvaluatedMarks?) -> Finding? {
        if let least = rules.minItems, elements.count < least { return Finding(.tooShort(least: least, actual: elements.count, .elements)) }
        if let most = rules.maxItems, elements.count > most { return Finding(.tooLong(most: most, actual: elements.count, .elements)) }
        for (index, (element, number)) in zip(elements, rules.prefix).enumerated() {
            if let finding = check(number, part: element) { return finding.inside(.element(index)) }
            marks?.insert(index)
        }
        if let items = rules.items, elements.count > rules.prefix.count {
            if schema.nodes[items].refusesAll {
                let most = rules.prefix.count
                return Finding(most == 0 ? .notEmpty : .tooLong(most: most, actual: elements.count, .elements))
            }
            for index in rules.prefix.count..<elements.count {
                if let finding = check(items, part: elements[index]) { return finding.inside(.element(index)) }
                marks?.insert(index)
            }
        }
        if let contents = rules.contents, let finding = check(contents, elements, &marks) { return finding }
        return rules.isUnique ? checkUnique(elements) : nil
    }

    private mutating func check(_ contents: ArrayRules.Contents, _ elements: [JSONValue], _ marks: inout EvaluatedMarks?) -> Finding? {
        var count = 0
        for (index, element) in elements.enumerated() {
            // Elements beyond what decides count for marks alone.
            if marks == nil, contents.maximum == nil, count >= contents.minimum { break }
            guard check(contents.schema, part: element) == nil else {
                if budget.isExhausted { return Finding(.tooComplex) }
                continue
            }
            count += 1
            marks?.insert(index)
        }
        let node = schema.nodes[contents.schema]
        if count < contents.minimum { return Finding(.tooFewMatches(least: contents.minimum, actual: count, node)) }
        if let most = contents.maximum, count > most { return Finding(.tooManyMatches(most: most, actual: count, node)) }
        return nil
    }

    private mutating func checkUnique(_ elements: [JSONValue]) -> Finding? {
        guard elements.count > 1 else { return nil }
        var places: [ExactValue: Int] = [:]
        for (index, element) in elements.enumerated() {
            guard budget.spend(), spend(weightOf: element) else { return Finding(.tooComplex) }
            if let first = places.updateValue(index, forKey: ExactValue(element)) { return Finding(.repeated(first, index)) }
        }
        return nil
    }
}
