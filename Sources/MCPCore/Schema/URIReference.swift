/// A URI or relative reference in its parts (RFC 3986 section 3), without its fragment: as much of it as references between schemas need.
struct URIReference {
    private var scheme: Substring?
    private var authority: Substring?
    private var path: String
    private var query: Substring?

    init(_ text: String) {
        var rest = text.prefix { $0 != "#" }
        if let mark = rest.firstIndex(of: "?") {
            query = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        if let colon = rest.firstIndex(of: ":"), !rest[..<colon].contains("/"), !rest[..<colon].isEmpty {
            scheme = rest[..<colon]
            rest = rest[rest.index(after: colon)...]
        }
        if rest.hasPrefix("//") {
            let end = rest.dropFirst(2).firstIndex(of: "/") ?? rest.endIndex
            authority = rest[..<end].dropFirst(2)
            rest = rest[end...]
        }
        path = String(rest)
    }

    /// The text up to the fragment, and the fragment where there is one.
    static func parts(of reference: String) -> (uri: String, fragment: String?) {
        guard let mark = reference.firstIndex(of: "#") else { return (reference, nil) }
        return (String(reference[..<mark]), String(reference[reference.index(after: mark)...]))
    }

    /// What a reference means where another URI is the one of the document it stands in (RFC 3986 section 5.2.2).
    static func resolve(_ reference: String, against document: String) -> String {
        var target = URIReference(reference)
        guard target.scheme == nil else { return target.text }
        let start = URIReference(document)
        target.scheme = start.scheme
        guard target.authority == nil else { return target.text }
        target.authority = start.authority
        if target.path.isEmpty {
            target.path = start.path
            target.query = target.query ?? start.query
        } else if !target.path.hasPrefix("/") {
            if let slash = start.path.lastIndex(of: "/") {
                target.path = start.path[...slash] + target.path
            } else if start.authority != nil {
                target.path = "/" + target.path
            }
        }
        target.removeDotSegments()
        return target.text
    }

    /// RFC 3986 section 5.2.4.
    private mutating func removeDotSegments() {
        guard path.contains(".") else { return }
        var kept: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        for (number, segment) in segments.enumerated() {
            let isLast = number == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                if kept.count > 1 || kept.first.map({ !$0.isEmpty }) == true { kept.removeLast() }
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        path = kept.joined(separator: "/")
    }

    private var text: String {
        (scheme.map { $0 + ":" } ?? "") + (authority.map { "//" + $0 } ?? "") + path + (query.map { "?" + $0 } ?? "")
    }
}

/// A JSON Pointer (RFC 6901).
enum JSONPointer {
    /// The pointer to a member or element of what another pointer points to.
    static func append(_ token: String, to pointer: String) -> String {
        guard token.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return "\(pointer)/\(token)" }
        let escaped = token.map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
        return "\(pointer)/\(escaped)"
    }

    /// The tokens of a pointer in a fragment, percent-encoding undone (RFC 6901 section 6); `nil` where it is malformed.
    static func tokens(ofFragment fragment: String) -> [String]? {
        guard let pointer = percentDecoded(fragment), pointer.hasPrefix("/") else { return nil }
        var tokens: [String] = []
        for part in pointer.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            var token: [UInt8] = []
            var rest = part[...]
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "~") else {
                    token.append(byte)
                    continue
                }
                switch rest.popFirst() {
                case UInt8(ascii: "0"): token.append(UInt8(ascii: "~"))
                case UInt8(ascii: "1"): token.append(UInt8(ascii: "/"))
                default: return nil
                }
            }
            tokens.append(String(decoding: token, as: UTF8.self))
        }
        return tokens
    }

    static func percentDecoded(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy(AddressFormats.isHexDigit), let value = UInt8(String(Substring(digits)), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
