import JSON

extension RedactionRules {
    /// Reads `{"patterns": [{"name": ..., "pattern": ...}], "exempt": [...], "exemptNames": [...]}`. Whatever cannot be understood is an
    /// error: a rule that silently does nothing would leak.
    package init(path: String) throws(RedactionError) {
        self.init()
        let value: JSONValue
        let bytes = try SecretsFile.bytes(path, maximumLength: 1 << 20) { .rules(path: path, cause: $0) }
        do throws(JSONError) { value = try JSONReader(maximumDepth: 8).read(bytes) } catch {
            throw .rules(path: path, cause: "it is not valid JSON (byte \(error.offset))")
        }
        guard let object = value.object else { throw .rules(path: path, cause: "it holds \(value.kindName); write an object") }
        for member in object.members {
            switch member.key {
            case "patterns": try readPatterns(member.value, path)
            case "exempt":
                for (number, text) in try Self.texts(member, path).enumerated() {
                    do throws(PatternFlaw) { try addExemption(text) } catch {
                        throw .rules(path: path, cause: "entry number \(number + 1) of exempt \(error.reason)")
                    }
                }
            case "exemptNames": for text in try Self.texts(member, path) { addExemption(name: text) }
            default:
                throw .rules(
                    path: path, cause: "there is no rule called \"\(member.key.prefix(40))\"; there are patterns, exempt and exemptNames")
            }
        }
    }

    private mutating func readPatterns(_ value: JSONValue, _ path: String) throws(RedactionError) {
        guard let elements = value.array, elements.count <= Self.maximumPatterns else {
            throw .rules(path: path, cause: "patterns must be a list of at most \(Self.maximumPatterns) objects")
        }
        for (number, element) in elements.enumerated() {
            let here = "pattern number \(number + 1)"
            guard let name = element["name"]?.string, let pattern = element["pattern"]?.string, element.object?.count == 2 else {
                throw .rules(path: path, cause: "\(here) must be an object with a name and a pattern, both strings")
            }
            do throws(PatternFlaw) { try add(pattern: pattern, name: name) } catch {
                throw .rules(path: path, cause: "\(here) \(error.reason)")
            }
        }
    }

    private static func texts(_ member: JSONObject.Member, _ path: String) throws(RedactionError) -> [String] {
        let texts = member.value.array.map { $0.compactMap(\.string) }
        guard let texts, texts.count == member.value.array?.count, texts.count <= maximumExemptions, !texts.contains("") else {
            throw .rules(path: path, cause: "\(member.key) must be a list of at most \(maximumExemptions) strings, none of them empty")
        }
        return texts
    }
}
