package import JSON

/// Replaces secrets in text by placeholders: exact values that the user listed, and the commonest token shapes.
///
/// The same secret gets the same placeholder under the same key, so that text stays readable and comparable. Redacting twice
/// changes nothing. Cost: one pass over the bytes; text without a secret is returned without a copy.
package struct Redactor: Sendable {
    /// Deeper values are refused: the walk is recursive.
    package static let maximumDepth = 1024
    /// A shorter value would be found in ordinary words.
    package static let minimumValueLength = 6
    package static let maximumValueLength = 65_536
    package static let maximumValueCount = 10_000

    let filter: CandidateFilter
    let exactValues: ExactValues
    let placeholders: PlaceholderKey

    /// - Parameters:
    ///   - key: 32 bytes that the placeholders depend on, so that nobody can test guesses against them.
    ///   - exactValues: matched as they are and with the escapes that JSON gives them, up to JSON inside of JSON inside of JSON.
    package init(key: [UInt8], exactValues values: [String] = []) throws(RedactionError) {
        guard key.count == 32 else { throw .keyLength(key.count) }
        guard values.count <= Self.maximumValueCount else { throw .tooManyValues(values.count, maximum: Self.maximumValueCount) }
        for (index, value) in values.enumerated() {
            let solid = value.utf8.count { $0 != 0x20 && !(0x09...0x0D).contains($0) }
            guard solid >= Self.minimumValueLength else { throw .valueTooShort(index: index, minimum: Self.minimumValueLength) }
            guard value.utf8.count <= Self.maximumValueLength else { throw .valueTooLong(index: index, maximum: Self.maximumValueLength) }
        }
        placeholders = PlaceholderKey(key)
        exactValues = ExactValues(values)
        filter = CandidateFilter(exactValues: values)
    }

    package func redact(_ text: String) -> RedactedText {
        var counts = RedactionCounts()
        return redact(text, counting: &counts)
    }

    package func redact(_ text: String, counting counts: inout RedactionCounts) -> RedactedText {
        RedactedText(passed: replacement(for: text, &counts) ?? text)
    }

    package func redact(_ value: JSONValue) throws(RedactionError) -> RedactedJSON {
        var counts = RedactionCounts()
        return try redact(value, counting: &counts)
    }

    package func redact(_ value: JSONValue, counting counts: inout RedactionCounts) throws(RedactionError) -> RedactedJSON {
        RedactedJSON(passed: try replacement(for: value, depth: 0, &counts) ?? value)
    }

    /// The text with placeholders; `nil` where nothing had to be replaced.
    ///
    /// Taking one secret out can uncover another (a token is no token while letters touch it), hence the repetition. Two
    /// rounds are the rule; the bound is for values that were made to look like placeholders.
    private func replacement(for text: String, _ counts: inout RedactionCounts) -> String? {
        guard var result = onePass(over: text, &counts) else { return nil }
        for _ in 0..<8 {
            guard let next = onePass(over: result, &counts) else { break }
            result = next
        }
        return result
    }

    private func onePass(over text: String, _ counts: inout RedactionCounts) -> String? {
        guard text.utf8.count >= Self.minimumValueLength else { return nil }
        var text = text
        return text.withUTF8 { bytes -> String? in
            var pass = RedactionPass(bytes: UnsafeRawBufferPointer(bytes), redactor: self)
            return pass.run(&counts)
        }
    }

    /// The value with placeholders; `nil` where nothing had to be replaced, so that untouched parts are shared.
    private func replacement(
        for value: JSONValue, depth: Int, _ counts: inout RedactionCounts
    ) throws(RedactionError) -> JSONValue? {
        guard depth <= Self.maximumDepth else { throw .tooDeep(limit: Self.maximumDepth) }
        switch value {
        case .null, .bool: return nil
        case .string(let text): return replacement(for: text, &counts).map { .string($0) }
        case .integer, .double, .number:
            // A secret of digits may stand in a number; what replaces it is a string.
            guard exactValues.mayStandInNumber else { return nil }
            return replacement(for: JSONWriter.string(of: value), &counts).map { .string($0) }
        case .array(let elements):
            var result: [JSONValue]?
            for index in elements.indices {
                guard let element = try replacement(for: elements[index], depth: depth + 1, &counts) else { continue }
                if result == nil { result = elements }
                result?[index] = element
            }
            return result.map { .array($0) }
        case .object(let object):
            var result: [JSONObject.Member]?
            for (index, member) in object.members.enumerated() {
                let key = replacement(for: member.key, &counts)
                let value = try replacement(for: member.value, depth: depth + 1, &counts)
                guard key != nil || value != nil else { continue }
                if result == nil { result = object.members }
                result?[index] = JSONObject.Member(key: key ?? member.key, value: value ?? member.value)
            }
            return result.map { .object(JSONObject($0)) }
        }
    }
}
