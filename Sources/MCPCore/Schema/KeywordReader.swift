import JSON

/// Reads the keywords of one subschema, and says where one has a value that it must not have.
struct KeywordReader {
    let object: JSONObject
    let pointer: String

    func place(of keyword: String) -> String { JSONPointer.append(keyword, to: pointer) }

    func malformed(_ keyword: String, _ reason: String) -> JSONSchemaError {
        JSONSchemaError(.malformed, at: place(of: keyword), reason)
    }

    func text(_ keyword: String) throws(JSONSchemaError) -> String? {
        guard let value = object[keyword] else { return nil }
        guard let text = value.string else { throw malformed(keyword, "must be a string, not \(value.kindName)") }
        return text
    }

    func flag(_ keyword: String) throws(JSONSchemaError) -> Bool {
        guard let value = object[keyword] else { return false }
        guard let flag = value.bool else { throw malformed(keyword, "must be true or false, not \(value.kindName)") }
        return flag
    }

    func bound(_ keyword: String) throws(JSONSchemaError) -> NumberBound? {
        guard let value = object[keyword] else { return nil }
        guard let bound = NumberBound(value) else { throw malformed(keyword, "must be a number, not \(value.kindName)") }
        return bound
    }

    /// A length or count. More than an `Int` holds is as good as its maximum.
    func count(_ keyword: String) throws(JSONSchemaError) -> Int? {
        guard let value = object[keyword] else { return nil }
        guard let number = ExactNumber(value) else {
            throw malformed(keyword, "must be a whole number that is not negative, not \(value.kindName)")
        }
        guard number.isInteger, number.isZero || number.isPositive else {
            throw malformed(keyword, "must be a whole number that is not negative, not \(FindingText.short(value))")
        }
        return number.integer.flatMap(Int.init(exactly:)) ?? Int.max
    }

    func divisor(_ keyword: String) throws(JSONSchemaError) -> NumberBound? {
        guard let bound = try bound(keyword) else { return nil }
        guard bound.exact.isPositive else { throw malformed(keyword, "must be more than 0, not \(FindingText.short(bound.value))") }
        guard bound.exact.isMultiple(of: bound.exact) == true else { throw malformed(keyword, "has more than 19 digits, which is not supported") }
        return bound
    }

    func types(_ keyword: String) throws(JSONSchemaError) -> ValueTypes? {
        let names: [JSONValue]
        switch object[keyword] {
        case nil: return nil
        case .array(let elements): names = elements
        case .some(let value): names = [value]
        }
        guard !names.isEmpty else { throw malformed(keyword, "must name at least one type") }
        var types: ValueTypes = []
        for value in names {
            guard let name = value.string else {
                throw malformed(keyword, "must be the name of a type or an array of such names, not \(value.kindName)")
            }
            guard let type = ValueTypes(name: name) else {
                throw malformed(keyword, "names the type \(FindingText.short(value)), which is none of \(ValueTypes.names)")
            }
            types.insert(type)
        }
        return types
    }

    func values(_ keyword: String) throws(JSONSchemaError) -> [JSONValue]? {
        guard let value = object[keyword] else { return nil }
        guard let values = value.array else { throw malformed(keyword, "must be an array, not \(value.kindName)") }
        return values
    }

    func names(_ keyword: String) throws(JSONSchemaError) -> [String] {
        guard let value = object[keyword] else { return [] }
        return try names(value, at: place(of: keyword))
    }

    /// The lists of names among the members of a keyword.
    func namesByKey(_ keyword: String, skipsSchemas: Bool) throws(JSONSchemaError) -> [(key: String, required: [String])] {
        guard let value = object[keyword] else { return [] }
        guard let members = value.object?.members else { throw malformed(keyword, "must be an object, not \(value.kindName)") }
        var result: [(key: String, required: [String])] = []
        for member in members where !skipsSchemas || member.value.array != nil {
            result.append((member.key, try names(member.value, at: JSONPointer.append(member.key, to: place(of: keyword)))))
        }
        return result
    }

    private func names(_ value: JSONValue, at place: String) throws(JSONSchemaError) -> [String] {
        guard let elements = value.array else {
            throw JSONSchemaError(.malformed, at: place, "must be an array of names, not \(value.kindName)")
        }
        var names: [String] = []
        for (index, element) in elements.enumerated() {
            guard let name = element.string else {
                throw JSONSchemaError(.malformed, at: "\(place)/\(index)", "must be a string, not \(element.kindName)")
            }
            names.append(name)
        }
        return names
    }
}
