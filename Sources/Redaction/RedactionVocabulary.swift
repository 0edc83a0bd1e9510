/// What a redactor knows. An object, so that a pass over one short string does not count references to all of its parts.
final class RedactionVocabulary: Sendable {
    let filter: CandidateFilter
    let exactValues: ExactValues
    let shapes: ShapeIndex
    let rules: RedactionRules
    let placeholders: PlaceholderKey

    init(key: [UInt8], exactValues values: [String], rules: RedactionRules) {
        let values = values.filter { !rules.exempts($0.utf8) }
        var shapes = ShapeIndex.builtIn
        for pattern in rules.patterns { shapes.append(pattern) }
        filter = CandidateFilter(anchors: shapes.anchors + [Array(Placeholder.prefix.description.utf8), Array("\\u0".utf8)], exactValues: values)
        exactValues = ExactValues(values)
        placeholders = PlaceholderKey(key)
        self.shapes = shapes
        self.rules = rules
    }
}
