import JSON

/// A number of the schema, in the form that is cheap to compare with and in the form that is exact.
struct NumberBound: Sendable {
    let value: JSONValue
    let exact: ExactNumber

    /// `nil` for what is no number.
    init?(_ value: JSONValue) {
        guard let exact = ExactNumber(value) else { return nil }
        self.value = value
        self.exact = exact
    }
}

/// Validation section 6.2.
final class NumberRules: Sendable {
    let minimum: NumberBound?
    let maximum: NumberBound?
    let exclusiveMinimum: NumberBound?
    let exclusiveMaximum: NumberBound?
    let multipleOf: NumberBound?

    /// `nil` where no keyword is there.
    init?(
        minimum: NumberBound?, maximum: NumberBound?, exclusiveMinimum: NumberBound?, exclusiveMaximum: NumberBound?, multipleOf: NumberBound?
    ) {
        self.minimum = minimum
        self.maximum = maximum
        self.exclusiveMinimum = exclusiveMinimum
        self.exclusiveMaximum = exclusiveMaximum
        self.multipleOf = multipleOf
        if minimum == nil, maximum == nil, exclusiveMinimum == nil, exclusiveMaximum == nil, multipleOf == nil { return nil }
    }
}

/// Validation sections 6.3 and 7.
final class TextRules: Sendable {
    let minLength: Int?
    let maxLength: Int?
    let pattern: Pattern?
    let format: StringFormat?

    /// `nil` where no keyword is there.
    init?(minLength: Int?, maxLength: Int?, pattern: Pattern?, format: StringFormat?) {
        self.minLength = minLength
        self.maxLength = maxLength
        self.pattern = pattern
        self.format = format
        if minLength == nil, maxLength == nil, pattern == nil, format == nil { return nil }
    }
}

/// Validation section 6.4, Core section 10.3.1.
final class ArrayRules: Sendable {
    /// `contains`, with its bounds.
    struct Contents: Sendable {
        let schema: Int
        let minimum: Int
        let maximum: Int?
    }

    let minItems: Int?
    let maxItems: Int?
    let isUnique: Bool
    let prefix: [Int]
    let items: Int?
    let contents: Contents?

    /// `nil` where no keyword is there.
    init?(minItems: Int?, maxItems: Int?, isUnique: Bool, prefix: [Int], items: Int?, contents: Contents?) {
        self.minItems = minItems
        self.maxItems = maxItems
        self.isUnique = isUnique
        self.prefix = prefix
        self.items = items
        self.contents = contents
        if minItems == nil, maxItems == nil, !isUnique, prefix.isEmpty, items == nil, contents == nil { return nil }
    }
}

/// Validation section 6.5, Core sections 10.2.2.4 and 10.3.2.
final class ObjectRules: Sendable {
    var isEmpty: Bool {
        minProperties == nil && maxProperties == nil && required.isEmpty && dependentRequired.isEmpty && properties.isEmpty
            && patterns.isEmpty && additional == nil && names == nil && dependentSchemas.isEmpty
    }

    let minProperties: Int?
    let maxProperties: Int?
    let required: [String]
    let dependentRequired: [(key: String, required: [String])]
    /// By name. A name is found as ``JSONObject`` finds it, so that what a tool reads under a name is what was checked.
    let properties: [String: Int]
    let patterns: [(pattern: Pattern, schema: Int)]
    let additional: Int?
    let names: Int?
    let dependentSchemas: [(key: String, schema: Int)]
    /// How many members are sought by name.
    let lookups: Int

    init(
        minProperties: Int?, maxProperties: Int?, required: [String], dependentRequired: [(key: String, required: [String])],
        properties: [String: Int], patterns: [(pattern: Pattern, schema: Int)], additional: Int?, names: Int?,
        dependentSchemas: [(key: String, schema: Int)]
    ) {
        self.minProperties = minProperties
        self.maxProperties = maxProperties
        self.required = required
        self.dependentRequired = dependentRequired
        self.properties = properties
        self.patterns = patterns
        self.additional = additional
        self.names = names
        self.dependentSchemas = dependentSchemas
        lookups = required.count + dependentRequired.reduce(0) { $0 + 1 + $1.required.count } + dependentSchemas.count
    }
}
