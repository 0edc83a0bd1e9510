/// A URI template (RFC 6570) of level 1, `{variable}`, and of level 2's `{+variable}`, read backwards: which values make this URI?
struct URITemplate: Sendable, Hashable {
    private enum Part: Sendable, Hashable {
        case literal([UInt8])
        /// - isReserved: `{+variable}`, whose value may hold `/` and other reserved characters.
        case variable(String, isReserved: Bool)
    }

    static let maximumLength = 2048
    private let parts: [Part]

    var variables: [String] {
        parts.compactMap { if case .variable(let name, _) = $0 { name } else { nil } }
    }

    init(_ text: String) throws(RegistrationError) {
        func invalid(_ reason: String) -> RegistrationError { .invalidTemplate(text, reason: reason) }
        guard text.utf8.count <= Self.maximumLength else { throw invalid("it is longer than \(Self.maximumLength) bytes") }
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { throw invalid("a brace is not closed") }
            if open > rest.startIndex { parts.append(.literal(Array(rest[..<open].utf8))) }
            var name = rest[rest.index(after: open)..<close]
            let isReserved = name.first == "+"
            if isReserved { name = name.dropFirst() }
            guard !name.isEmpty, name.utf8.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") }) else {
                throw invalid("{\(name)} is no variable; operators other than + are not supported")
            }
            if case .variable? = parts.last { throw invalid("between two variables must stand something") }
            parts.append(.variable(String(name), isReserved: isReserved))
            rest = rest[rest.index(after: close)...]
        }
        guard !rest.contains("}") else { throw invalid("a brace is not opened") }
        if !rest.isEmpty { parts.append(.literal(Array(rest.utf8))) }
        self.parts = parts
        let names = variables
        guard Set(names).count == names.count else { throw invalid("a variable stands twice") }
        guard !names.isEmpty else { throw invalid("it has no variable, so it is a resource and no template") }
    }

    /// The values of the variables, percent-decoded; `nil` where the URI does not fit. A variable is at least one character long.
    ///
    /// A variable ends where the literal behind it first stands, so the cost is linear in the length of the URI.
    func match(_ uri: String) -> [String: String]? {
        let bytes = Array(uri.utf8)
        guard bytes.count <= Self.maximumLength * 2 else { return nil }
        var values: [String: String] = [:]
        var place = 0
        for (index, part) in parts.enumerated() {
            switch part {
            case .literal(let literal):
                guard bytes[place...].starts(with: literal) else { return nil }
                place += literal.count
            case .variable(let name, let isReserved):
                var end = bytes.count
                if index + 1 < parts.count, case .literal(let literal) = parts[index + 1] {
                    // The last literal stands at the end; one in the middle stands where it first comes.
                    if index + 2 == parts.count {
                        guard bytes.count >= place + literal.count, bytes.suffix(literal.count).elementsEqual(literal) else { return nil }
                        end = bytes.count - literal.count
                    } else {
                        guard let found = Self.find(literal, in: bytes, from: place + 1) else { return nil }
                        end = found
                    }
                }
                guard end > place, let value = Self.decoded(bytes[place..<end]) else { return nil }
                guard
                    isReserved
                        || !bytes[place..<end].contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") })
                else { return nil }
                values[name] = value
                place = end
            }
        }
        return place == bytes.count ? values : nil
    }

    private static func find(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard start + needle.count <= bytes.count else { return nil }
        return (start...bytes.count - needle.count).first { bytes[$0...].starts(with: needle) }
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == UInt8(ascii: "%") {
                guard index + 2 < bytes.endIndex, let value = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16)
                else { return nil }
                result.append(value)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(validating: result, as: UTF8.self)
    }
}

/// Whether a text can be a URI (RFC 3986): a scheme, a colon, something behind it, and no character that no URI has.
func isURI(_ text: String) -> Bool {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), colon > text.startIndex, text.utf8.index(after: colon) < text.endIndex,
        let first = text.utf8.first, isAlphanumeric(first)
    else { return false }
    let scheme = text.utf8[..<colon].allSatisfy { isAlphanumeric($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E }
    let forbidden: Set<UInt8> = [0x22, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B, 0x7C, 0x7D]
    return scheme && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !forbidden.contains($0) }
}
