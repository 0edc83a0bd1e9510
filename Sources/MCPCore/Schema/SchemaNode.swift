import JSON

/// One compiled subschema. What it refers to are indices into ``CompiledSchema/nodes``; groups of keywords that are absent are `nil`.
final class SchemaNode: Sendable {
    /// As it stood in the document, for sentences.
    let source: JSONValue
    /// The resource it stands in, for `$dynamicRef`.
    let resource: Int
    let types: ValueTypes?
    /// One for `enum`, one for `const`.
    let allowed: [AllowedValues]
    let number: NumberRules?
    let text: TextRules?
    let array: ArrayRules?
    let object: ObjectRules?
    let logic: LogicRules?
    let unevaluatedItems: Int?
    let unevaluatedProperties: Int?

    init(
        source: JSONValue, resource: Int, types: ValueTypes? = nil, allowed: [AllowedValues] = [], number: NumberRules? = nil,
        text: TextRules? = nil, array: ArrayRules? = nil, object: ObjectRules? = nil, logic: LogicRules? = nil,
        unevaluatedItems: Int? = nil, unevaluatedProperties: Int? = nil
    ) {
        self.source = source
        self.resource = resource
        self.types = types
        self.allowed = allowed
        self.number = number
        self.text = text
        self.array = array
        self.object = object
        self.logic = logic
        self.unevaluatedItems = unevaluatedItems
        self.unevaluatedProperties = unevaluatedProperties
    }

    /// The schema `false`.
    var refusesAll: Bool { source.bool == false }
    var marksEvaluated: Bool { unevaluatedItems != nil || unevaluatedProperties != nil }

    /// The subschemas that see the same value: going round in a circle along them never ends.
    var inPlace: [Int] {
        let dependent = object?.dependentSchemas.map(\.schema) ?? []
        return (logic?.all ?? []) + dependent
    }
}

/// References and the applicators that see the same value: Core sections 8.2.3, 10.2.1 and 10.2.2.
final class LogicRules: Sendable {
    /// `$dynamicRef` whose target depends on where the evaluation came from.
    struct DynamicReference: Sendable {
        let name: String
        /// Where no resource on the way has such an anchor.
        let fallback: Int
    }

    var isEmpty: Bool { all.isEmpty && dynamic == nil }

    /// `$ref`, and `$dynamicRef` where one target is possible.
    let references: [Int]
    let dynamic: DynamicReference?
    let allOf: [Int]
    let anyOf: [Int]
    let oneOf: [Int]
    let not: Int?
    let condition: Int?
    let consequence: Int?
    let alternative: Int?

    init(
        references: [Int], dynamic: DynamicReference?, allOf: [Int], anyOf: [Int], oneOf: [Int], not: Int?, condition: Int?,
        consequence: Int?, alternative: Int?
    ) {
        self.references = references
        self.dynamic = dynamic
        self.allOf = allOf
        self.anyOf = anyOf
        self.oneOf = oneOf
        self.not = not
        self.condition = condition
        self.consequence = consequence
        self.alternative = alternative
    }

    var all: [Int] {
        references + allOf + anyOf + oneOf + [not, condition, consequence, alternative].compactMap { $0 }
    }
}

/// A whole schema. Node 0 is its root.
final class CompiledSchema: Sendable {
    let nodes: [SchemaNode]
    /// For each resource, the nodes that its `$dynamicAnchor`s name; empty where no reference needs them.
    let dynamicAnchors: [[String: Int]]
    let limits: JSONSchema.Limits

    init(nodes: [SchemaNode], dynamicAnchors: [[String: Int]], limits: JSONSchema.Limits) {
        self.nodes = nodes
        self.dynamicAnchors = dynamicAnchors
        self.limits = limits
    }
}
