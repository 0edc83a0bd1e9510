package import JSON

/// Replaces secrets in text by placeholders: exact values that the user listed, the shapes of credentials (docs/redaction.md), and
/// values beside telling names.
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

    let vocabulary: RedactionVocabulary

    /// - Parameters:
    ///   - key: 32 bytes that the placeholders depend on, so that nobody can test guesses against them.
    ///   - exactValues: matched as they are and with the escapes that JSON gives them, up to JSON inside of JSON inside of JSON.
    ///     Those that the rules exempt are passed over.
    ///   - rules: what the user adds to the shapes and takes from them.
    package init(key: [UInt8], exactValues values: [String] = [], rules: RedactionRules = RedactionRules()) throws(RedactionError) {
        guard key.count == 32 else { throw .keyLength(key.count) }
        guard values.count <= Self.maximumValueCount else { throw .tooManyValues(values.count, maximum: Self.maximumValueCount) }
        for (index, value) in values.enumerated() {
            let solid = value.utf8.count { $0 != 0x20 && !(0x09...0x0D).contains($0) }
            guard solid >= Self.minimumValueLength else { throw .valueTooShort(index: index, minimum: Self.minimumValueLength) }
            guard value.utf8.count <= Self.maximumValueLength else { throw .valueTooLong(index: index, maximum: Self.maximumValueLength) }
        }
        vocabulary = RedactionVocabulary(key: key, exactValues: values, rules: rules)
    }

    package func redact(_ text: String) -> RedactedText {
        var counts = RedactionCounts()
        return redact(text, counting: &counts)
    }

    package func redact(_ text: String, counting counts: inout RedactionCounts) -> RedactedText {
        RedactedText(passed: replacement(for: text, &counts) ?? text)
    }

    /// Redacts every string and every key, what a key says of its value, and what is split over neighbouring texts of a list.
    package func redact(_ value: JSONValue) throws(RedactionError) -> RedactedJSON {
        var counts = RedactionCounts()
        return try redact(value, counting: &counts)
    }

    package func redact(_ value: JSONValue, counting counts: inout RedactionCounts) throws(RedactionError) -> RedactedJSON {
        RedactedJSON(passed: try replacement(for: value, depth: 0, isJoined: false, &counts) ?? value)
    }

    /// The text with placeholders; `nil` where nothing had to be replaced.
    ///
    /// Taking one secret out can uncover another (a token is no token while letters touch it), hence the repetition. Two
    /// rounds are the rule; the bound is for values that were made to look like placeholders.
    private func replacement(for text: String, key: TellingName? = nil, _ counts: inout RedactionCounts) -> String? {
        guard var result = onePass(over: text, key: key, &counts) else { return nil }
        for _ in 0..<8 {
            guard let next = onePass(over: result, key: key, &counts) else { break }
            result = next
        }
        return result
    }

    private func onePass(over text: String, key: TellingName?, _ counts: inout RedactionCounts) -> String? {
        guard text.utf8.count >= Self.minimumValueLength else { return nil }
        var text = text
        return text.withUTF8 { bytes -> String? in
            let bytes = UnsafeRawBufferPointer(bytes)
            guard key != nil || vocabulary.filter.next(in: bytes, from: 0) != nil else { return nil }
            let beside = key.flatMap { NamedPair.found(key: $0, value: bytes) }
            return RedactionPass(bytes: bytes, vocabulary: vocabulary).run(beside: beside, &counts)
        }
    }

    /// The value with placeholders; `nil` where nothing had to be replaced, so that untouched parts are shared.
    ///
    /// - Parameter isJoined: whether the joints of its texts were looked at already, with the list around it.
    private func replacement(
        for value: JSONValue, key: TellingName? = nil, depth: Int, isJoined: Bool, _ counts: inout RedactionCounts
    ) throws(RedactionError) -> JSONValue? {
        guard depth <= Self.maximumDepth else { throw .tooDeep(limit: Self.maximumDepth) }
        switch value {
        case .null, .bool: return nil
        case .string(let text): return replacement(for: text, key: key, &counts).map { .string($0) }
        case .integer, .double, .number:
            // A secret of digits may stand in a number; what replaces it is a string.
            guard vocabulary.exactValues.mayStandInNumber else { return nil }
            return replacement(for: JSONWriter.string(of: value), &counts).map { .string($0) }
        case .array(let elements): return try replacement(for: elements, depth: depth, isJoined: isJoined, &counts).map { .array($0) }
        case .object(let object):
            return try replacement(for: object, depth: depth, isJoined: isJoined, &counts).map { .object(JSONObject($0)) }
        }
    }

    private func replacement(
        for elements: [JSONValue], depth: Int, isJoined: Bool, _ counts: inout RedactionCounts
    ) throws(RedactionError) -> [JSONValue]? {
        var result = isJoined ? nil : SplitText(elements)?.redacted(elements, by: vocabulary, &counts)
        let elements = result ?? elements
        for index in elements.indices {
            // A command line in parts: the option is one element, its value the next.
            var key: TellingName?
            if index > 0, case .string(let option) = elements[index - 1], option.utf8.first == UInt8(ascii: "-") { key = TellingName(option) }
            guard
                let element = try replacement(for: elements[index], key: key, depth: depth + 1, isJoined: true, &counts)
            else { continue }
            if result == nil { result = elements }
            result?[index] = element
        }
        return result
    }

    private func replacement(
        for object: JSONObject, depth: Int, isJoined: Bool, _ counts: inout RedactionCounts
    ) throws(RedactionError) -> [JSONObject.Member]? {
        var result: [JSONObject.Member]?
        for (index, member) in object.members.enumerated() {
            let key = replacement(for: member.key, &counts)
            var name: TellingName?
            if case .string = member.value { name = TellingName(member.key) ?? Self.name(of: member, in: object) }
            let value = try replacement(
                for: member.value, key: name, depth: depth + 1, isJoined: isJoined && SplitText.holdsText(member.key), &counts)
            guard key != nil || value != nil else { continue }
            if result == nil { result = object.members }
            result?[index] = JSONObject.Member(key: key ?? member.key, value: value ?? member.value)
        }
        return result
    }

    /// `{"name": "DB_PASSWORD", "value": "..."}`, as Kubernetes and others write it.
    private static func name(of member: JSONObject.Member, in object: JSONObject) -> TellingName? {
        guard member.key == "value" || member.key == "Value" else { return nil }
        for key in ["name", "key", "Name", "Key"] {
            if case .string(let name)? = object[key], let telling = TellingName(name) { return telling }
        }
        return nil
    }
}
