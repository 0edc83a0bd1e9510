import FuzzRun
import JSON

@testable import MCPCore

/// `[schema, value, value, ...]`: the schema compiles or says why not, and its verdict on a value does not depend on how it is asked.
struct SchemaTarget: FuzzTarget {
    private let reader = JSONReader()
    /// These point at places of the document, or change what its parts mean, so a schema that has one cannot be put inside another.
    private static let placed: Set<String> = [
        "$ref", "$id", "id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$schema", "$vocabulary",
    ]

    func run(_ bytes: [UInt8]) {
        guard case .array(let parts)? = try? reader.read(bytes), let source = parts.first else { return }
        let values = parts.dropFirst().prefix(4)
        for assertsFormats in [false, true] {
            guard let schema = compiled(source, assertsFormats) else { return }
            for value in values { check(schema, source, value, assertsFormats) }
        }
    }

    private func compiled(_ source: JSONValue, _ assertsFormats: Bool) -> JSONSchema? {
        do throws(JSONSchemaError) { return try JSONSchema(source, assertsFormats: assertsFormats) } catch {
            show(Array(error.description.utf8))
            guard !error.description.isEmpty else { found("a refusal without a description") }
            guard error.pointer.isEmpty || error.pointer.hasPrefix("/") else { found("\(error.pointer) is no JSON Pointer") }
            return nil
        }
    }

    private func check(_ schema: JSONSchema, _ source: JSONValue, _ value: JSONValue, _ assertsFormats: Bool) {
        let complaint = schema.complaint(about: value, at: "value")
        show(Array((complaint ?? "fits").utf8))
        guard complaint == schema.complaint(about: value, at: "value") else { found("two verdicts on one value") }
        if let complaint {
            guard complaint.hasPrefix("value") else { found("a complaint that does not begin with the path: \(complaint)") }
            guard complaint.utf8.count < 65_536 else { found("a complaint of \(complaint.utf8.count) bytes") }
        }
        guard !isPlaced(source), !isAtLimit(complaint) else { return }
        for (keyword, inverts) in [("allOf", false), ("anyOf", false), ("oneOf", false), ("not", true)] {
            let wrapped: JSONValue = .object([keyword: inverts ? source : .array([source])])
            // One level deeper, so it may exceed a limit that the schema alone just keeps.
            guard let wrapped = compiled(wrapped, assertsFormats) else { continue }
            let verdict = wrapped.complaint(about: value, at: "value")
            guard !isAtLimit(verdict) else { continue }
            guard (verdict == nil) == ((complaint == nil) != inverts) else {
                found("the schema says \(complaint ?? "fine"), inside of \(keyword) it says \(verdict ?? "fine")")
            }
        }
    }

    private func isAtLimit(_ complaint: String?) -> Bool { complaint?.contains("too complex") ?? false }

    private func isPlaced(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let object): object.members.contains { Self.placed.contains($0.key) || isPlaced($0.value) }
        case .array(let elements): elements.contains(where: isPlaced)
        default: false
        }
    }
}
