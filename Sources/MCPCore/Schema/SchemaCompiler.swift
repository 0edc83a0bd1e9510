import JSON

/// Makes nodes of the subschemas of a document, one after the other: references may run through all of them, so nothing recurses here.
struct SchemaCompiler {
    private var document: SchemaDocument
    private let limits: JSONSchema.Limits
    private let assertsFormats: Bool
    private var instructionsLeft: Int

    init(_ schema: JSONValue, limits: JSONSchema.Limits, assertsFormats: Bool) throws(JSONSchemaError) {
        self.limits = limits
        self.assertsFormats = assertsFormats
        instructionsLeft = limits.patternInstructions
        document = try SchemaDocument(schema, limits: limits)
    }

    mutating func compiled() throws(JSONSchemaError) -> CompiledSchema {
        var nodes: [SchemaNode] = []
        // References may add subschemas to the document.
        while nodes.count < document.locations.count { nodes.append(try node(for: document.locations[nodes.count])) }
        if let circle = SchemaCircles.first(in: nodes) {
            throw JSONSchemaError(
                .endlessReference, at: document.locations[circle].pointer,
                "leads back to itself through references without going into the value, so that checking would never end")
        }
        let isDynamic = nodes.contains { $0.logic?.dynamic != nil }
        let anchors = isDynamic ? document.resources.map { $0.dynamicAnchors.compactMapValues(document.location(at:)) } : []
        return CompiledSchema(nodes: nodes, dynamicAnchors: anchors, limits: limits)
    }

    private mutating func node(for location: SchemaDocument.Location) throws(JSONSchemaError) -> SchemaNode {
        guard case .object(let object) = location.schema else {
            return SchemaNode(source: location.schema, resource: location.resource)
        }
        let keywords = KeywordReader(object: object, pointer: location.pointer)
        var allowed: [AllowedValues] = []
        if let values = try keywords.values("enum") { allowed.append(AllowedValues(values)) }
        if let value = object["const"] { allowed.append(AllowedValues([value])) }
        return SchemaNode(
            source: location.schema, resource: location.resource, types: try keywords.types("type"), allowed: allowed,
            number: NumberRules(
                minimum: try keywords.bound("minimum"), maximum: try keywords.bound("maximum"),
                exclusiveMinimum: try keywords.bound("exclusiveMinimum"), exclusiveMaximum: try keywords.bound("exclusiveMaximum"),
                multipleOf: try keywords.divisor("multipleOf")),
            text: try textRules(keywords), array: try arrayRules(keywords), object: try objectRules(keywords),
            logic: try logicRules(keywords, in: location.resource),
            unevaluatedItems: child("unevaluatedItems", of: keywords), unevaluatedProperties: child("unevaluatedProperties", of: keywords))
    }

    /// The subschema under a keyword.
    private func child(_ keyword: String, of keywords: KeywordReader) -> Int? {
        keywords.object[keyword] == nil ? nil : document.location(at: keywords.place(of: keyword))
    }

    /// The subschemas in the array under a keyword.
    private func children(_ keyword: String, of keywords: KeywordReader) -> [Int] {
        let count = keywords.object[keyword]?.array?.count ?? 0
        return (0..<count).compactMap { document.location(at: "\(keywords.place(of: keyword))/\($0)") }
    }

    /// The subschemas among the members under a keyword, in their order.
    private func childrenByKey(_ keyword: String, of keywords: KeywordReader) -> [(key: String, schema: Int)] {
        (keywords.object[keyword]?.object?.members ?? []).compactMap { member in
            document.location(at: JSONPointer.append(member.key, to: keywords.place(of: keyword))).map { (member.key, $0) }
        }
    }

    private mutating func textRules(_ keywords: KeywordReader) throws(JSONSchemaError) -> TextRules? {
        var pattern: Pattern?
        if let source = try keywords.text("pattern") { pattern = try self.pattern(source, at: keywords.place(of: "pattern")) }
        let format = try keywords.text("format")
        return TextRules(
            minLength: try keywords.count("minLength"), maxLength: try keywords.count("maxLength"), pattern: pattern,
            format: assertsFormats ? format.flatMap(StringFormat.init(rawValue:)) : nil)
    }

    private mutating func pattern(_ source: String, at place: String) throws(JSONSchemaError) -> Pattern {
        guard source.unicodeScalars.count <= limits.patternLength else {
            throw JSONSchemaError(.limitExceeded, at: place, "is a pattern of more than \(limits.patternLength) characters")
        }
        do throws(PatternError) {
            let pattern = try Pattern(source, instructions: instructionsLeft)
            instructionsLeft -= pattern.instructionCount
            return pattern
        } catch {
            throw JSONSchemaError(.unsupportedPattern, at: place, "is the pattern \(source), which \(error.reason)")
        }
    }

    private func arrayRules(_ keywords: KeywordReader) throws(JSONSchemaError) -> ArrayRules? {
        var prefix = children("prefixItems", of: keywords)
        var items = child("items", of: keywords)
        if keywords.object["items"]?.array != nil {
            // Up to 2019-09 the array was called `items`, and what follows it `additionalItems`.
            guard prefix.isEmpty else { throw keywords.malformed("items", "must be a schema beside prefixItems, not an array") }
            prefix = children("items", of: keywords)
            items = child("additionalItems", of: keywords)
        }
        let (minimum, maximum) = (try keywords.count("minContains"), try keywords.count("maxContains"))
        return ArrayRules(
            minItems: try keywords.count("minItems"), maxItems: try keywords.count("maxItems"), isUnique: try keywords.flag("uniqueItems"),
            prefix: prefix, items: items,
            contents: child("contains", of: keywords).map { .init(schema: $0, minimum: minimum ?? 1, maximum: maximum) })
    }

    private mutating func objectRules(_ keywords: KeywordReader) throws(JSONSchemaError) -> ObjectRules? {
        var patterns: [(pattern: Pattern, schema: Int)] = []
        for (source, schema) in childrenByKey("patternProperties", of: keywords) {
            let place = JSONPointer.append(source, to: keywords.place(of: "patternProperties"))
            patterns.append((try pattern(source, at: place), schema))
        }
        let rules = ObjectRules(
            minProperties: try keywords.count("minProperties"), maxProperties: try keywords.count("maxProperties"),
            required: try keywords.names("required"),
            dependentRequired: try keywords.namesByKey("dependentRequired", skipsSchemas: false)
                + keywords.namesByKey("dependencies", skipsSchemas: true),
            properties: Dictionary(
                childrenByKey("properties", of: keywords).map { ($0.key, $0.schema) }, uniquingKeysWith: { _, last in last }),
            patterns: patterns, additional: child("additionalProperties", of: keywords), names: child("propertyNames", of: keywords),
            dependentSchemas: childrenByKey("dependentSchemas", of: keywords) + childrenByKey("dependencies", of: keywords))
        return rules.isEmpty ? nil : rules
    }

    private mutating func logicRules(_ keywords: KeywordReader, in resource: Int) throws(JSONSchemaError) -> LogicRules? {
        var references: [Int] = []
        var dynamic: LogicRules.DynamicReference?
        if let reference = try keywords.text("$ref") {
            references.append(try document.target(of: reference, from: resource, at: keywords.place(of: "$ref")).location)
        }
        for keyword in ["$dynamicRef", "$recursiveRef"] {
            guard let reference = try keywords.text(keyword) else { continue }
            let target = try document.target(of: reference, from: resource, at: keywords.place(of: keyword))
            let owner = document.locations[target.location].resource
            let isRecursive = keyword == "$recursiveRef" && document.resources[owner].dynamicAnchors[SchemaDocument.recursiveAnchor] != nil
            if let name = isRecursive ? SchemaDocument.recursiveAnchor : target.dynamicAnchor, document.resources.count > 1 {
                dynamic = .init(name: name, fallback: target.location)
            } else {
                references.append(target.location)
            }
        }
        let rules = LogicRules(
            references: references, dynamic: dynamic, allOf: children("allOf", of: keywords), anyOf: children("anyOf", of: keywords),
            oneOf: children("oneOf", of: keywords), not: child("not", of: keywords), condition: child("if", of: keywords),
            consequence: child("then", of: keywords), alternative: child("else", of: keywords))
        return rules.isEmpty ? nil : rules
    }
}

/// Finds subschemas that lead back to themselves without going into the value. A reference that is dynamic is bounded when it is followed.
enum SchemaCircles {
    private enum Mark { case new, open, done }

    /// The first node that lies on such a circle. Its stack is an array, since references may run through the whole document.
    static func first(in nodes: [SchemaNode]) -> Int? {
        var marks = Array(repeating: Mark.new, count: nodes.count)
        for start in nodes.indices where marks[start] == .new {
            var path = [(node: start, rest: nodes[start].inPlace[...])]
            marks[start] = .open
            while let last = path.indices.last {
                guard let next = path[last].rest.popFirst() else {
                    marks[path[last].node] = .done
                    path.removeLast()
                    continue
                }
                switch marks[next] {
                case .open: return next
                case .done: continue
                case .new:
                    marks[next] = .open
                    path.append((next, nodes[next].inPlace[...]))
                }
            }
        }
        return nil
    }
}
