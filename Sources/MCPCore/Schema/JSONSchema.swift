package import JSON

/// A JSON Schema of the dialect 2020-12, compiled once to check many values.
///
/// The core, applicator, unevaluated and validation vocabularies are checked in full (JSON Schema Core sections 7 to 11, Validation
/// section 6); `format` and the content keywords are annotations (Validation sections 7 and 8). Schemas that declare draft-07 or
/// 2019-09 are read by the same rules, with the keywords that 2020-12 renamed (`definitions`, `dependencies`, `items` as an array,
/// `additionalItems`, `$recursiveRef`). Nothing is ever fetched: every reference ends inside of the document.
package struct JSONSchema: Sendable {
    /// What a schema may ask for, so that neither it nor a value can occupy the process.
    package struct Limits: Sendable, Hashable {
        /// How deep subschemas may nest in the document.
        package var depth = 64
        /// How many subschemas the document may have.
        package var subschemas = 4096
        /// How many code points a regular expression may have.
        package var patternLength = 1024
        /// How many instructions all regular expressions may come to, with their repetitions written out.
        package var patternInstructions = 32_768
        /// How many steps one value may take: about one for each pair of a subschema and a part of the value.
        package var steps = 1_000_000
        /// How deep subschemas may nest while a value is checked, references followed. Each level costs stack, about 1 KiB (4 KiB
        /// without optimization).
        package var evaluationDepth = 256

        /// The limits as the properties document them.
        package init() {}
    }

    private let compiled: CompiledSchema

    /// Compiles a schema.
    ///
    /// - Parameters:
    ///   - schema: an object or a boolean.
    ///   - limits: what it may ask for.
    ///   - assertsFormats: whether a string must have the `format` that the schema names, where ``StringFormat`` knows it.
    /// - Throws: where the schema is malformed, refers to something outside of it, or exceeds the limits.
    package init(_ schema: JSONValue, limits: Limits = Limits(), assertsFormats: Bool = false) throws(JSONSchemaError) {
        var compiler = try SchemaCompiler(schema, limits: limits, assertsFormats: assertsFormats)
        compiled = try compiler.compiled()
    }

    /// The first thing that does not fit, in one sentence that begins with the path; `nil` where all fits.
    ///
    /// Nothing is written while a value fits: the path and the sentence come to be on the way back from a failure.
    package func complaint(about value: JSONValue, at path: String) -> String? {
        var evaluation = SchemaEvaluation(compiled)
        return evaluation.finding(about: value)?.sentence(at: path)
    }
}
