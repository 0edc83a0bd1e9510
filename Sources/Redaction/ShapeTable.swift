/// What is redacted, for people: one row a shape.
package struct ShapeRow: Sendable, Hashable {
    package let shape: RedactionShape
    package let issuer: String
    /// Patterns, or a description.
    package let looks: String

    /// Every shape that every redactor knows, by name.
    package static var all: [ShapeRow] {
        var rows = ShapeIndex.tables.map { shape in
            ShapeRow(shape: shape.shape, issuer: shape.issuer, looks: shape.patterns.map { "`\($0.source)`" }.joined(separator: ", "))
        }
        rows += BesideName.all.map { row in
            ShapeRow(
                shape: row.shape, issuer: row.issuer,
                looks: "`\(row.form.source)` beside a telling name with " + row.words.map { "`\($0)`" }.joined(separator: " or ") + " in it")
        }
        let listed = Set(rows.map(\.shape))
        for procedure in ShapeIndex.procedures {
            rows += procedure.shapes.filter { !listed.contains($0) }.map {
                ShapeRow(shape: $0, issuer: procedure.issuer, looks: procedure.looks)
            }
        }
        return rows.sorted { $0.shape.rawValue < $1.shape.rawValue }
    }
}
