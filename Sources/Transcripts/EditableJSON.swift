import JSON

/// A JSON text that is changed in places and stays byte for byte as it was everywhere else: a file that a person keeps is not to be laid
/// out anew because one entry came in.
///
/// Cost: each look walks the text once from where it is asked for; the files in question have a few kilobytes.
struct EditableJSON {
    /// A member of an object: its name, and where it stands from the first quote to the end of its value.
    struct Member {
        var key: String
        var whole: Range<Int>
        var value: Range<Int>
    }

    private(set) var bytes: [UInt8]
    /// Where the text's one value stands.
    var root: Range<Int> { span(at: skipSpace(from: 0)) }
    /// What one level is set in by; `nil` for a text on one line.
    private let indent: [UInt8]?
    private let lineBreak: [UInt8]

    /// - Parameter bytes: what a ``JSONReader`` has read; nothing is checked again.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        lineBreak = bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 > 0 && bytes[$0 - 1] == 0x0D } == true ? [0x0D, 0x0A] : [0x0A]
        indent = Self.firstIndent(bytes)
    }

    /// The white space before the first member, if a line break stands before it. Two spaces for an object without members.
    private static func firstIndent(_ bytes: [UInt8]) -> [UInt8]? {
        guard let open = bytes.firstIndex(of: UInt8(ascii: "{")) else { return [0x20, 0x20] }
        let space = bytes[(open + 1)...].prefix(while: isSpace)
        guard bytes.dropFirst(space.endIndex).first != UInt8(ascii: "}") else { return [0x20, 0x20] }
        guard let lineEnd = space.lastIndex(of: 0x0A) else { return nil }
        return Array(space[(lineEnd + 1)...])
    }

    func members(of object: Range<Int>) -> [Member] {
        var members: [Member] = []
        var index = skipSpace(from: object.lowerBound + 1)
        while index < object.upperBound - 1 {
            let key = span(at: index)
            let colon = skipSpace(from: key.upperBound)
            let value = span(at: skipSpace(from: colon + 1))
            let name = (try? JSONReader().read(Array(bytes[key])))?.string ?? ""
            members.append(Member(key: name, whole: key.lowerBound..<value.upperBound, value: value))
            index = skipComma(from: value.upperBound)
        }
        return members
    }

    func elements(of array: Range<Int>) -> [Range<Int>] {
        var elements: [Range<Int>] = []
        var index = skipSpace(from: array.lowerBound + 1)
        while index < array.upperBound - 1 {
            let element = span(at: index)
            elements.append(element)
            index = skipComma(from: element.upperBound)
        }
        return elements
    }

    func value(at span: Range<Int>) -> JSONValue? { try? JSONReader().read(Array(bytes[span])) }

    mutating func append(_ key: String, _ value: JSONValue, to object: Range<Int>) {
        append(to: object, behind: members(of: object).map(\.whole)) { edit, level in
            JSONWriter.bytes(of: .string(key)) + Array(": ".utf8) + edit.rendered(value, level)
        }
    }

    mutating func append(_ value: JSONValue, to array: Range<Int>) {
        append(to: array, behind: elements(of: array)) { edit, level in edit.rendered(value, level) }
    }

    /// Takes one of an object's members or an array's elements out, with the comma that set it apart.
    mutating func remove(_ place: Int, of items: [Range<Int>], in container: Range<Int>) {
        if items.count == 1 {
            bytes.removeSubrange(container.lowerBound + 1..<container.upperBound - 1)
        } else if place > 0 {
            bytes.removeSubrange(items[place - 1].upperBound..<items[place].upperBound)
        } else {
            bytes.removeSubrange(items[0].lowerBound..<items[1].lowerBound)
        }
    }

    /// - Parameter text: makes what is appended, which begins on a line that is set in by the given bytes.
    private mutating func append(to container: Range<Int>, behind items: [Range<Int>], _ text: (EditableJSON, [UInt8]) -> [UInt8]) {
        guard let last = items.last else {
            let outer = lineIndent(of: container.lowerBound)
            let inner = outer + (indent ?? [])
            let open = indent == nil ? [] : lineBreak + inner
            let close = indent == nil ? [] : lineBreak + outer
            bytes.replaceSubrange(container.lowerBound + 1..<container.upperBound - 1, with: open + text(self, inner) + close)
            return
        }
        // As the last one is set apart from what stands before it.
        let before = bytes[..<last.lowerBound].reversed().prefix(while: Self.isSpace)
        var space = Array(before.reversed())
        if let lineEnd = space.lastIndex(of: 0x0A) {
            let level = Array(space[(lineEnd + 1)...])
            space = lineBreak + level
            bytes.insert(contentsOf: [UInt8(ascii: ",")] + space + text(self, level), at: last.upperBound)
        } else {
            let inline = items.count == 1 && space.isEmpty ? [0x20] : space
            bytes.insert(contentsOf: [UInt8(ascii: ",")] + inline + text(self, lineIndent(of: last.lowerBound)), at: last.upperBound)
        }
    }

    /// The white space at the start of the line that a byte stands in.
    private func lineIndent(of index: Int) -> [UInt8] {
        let start = bytes[..<index].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return Array(bytes[start..<index].prefix { $0 == 0x20 || $0 == 0x09 })
    }

    private func rendered(_ value: JSONValue, _ level: [UInt8]) -> [UInt8] {
        guard let indent else { return JSONWriter.bytes(of: value) }
        let inner = level + indent
        func block(_ open: Character, _ lines: [[UInt8]], _ close: Character) -> [UInt8] {
            let body = lines.map { lineBreak + inner + $0 }.joined(separator: [UInt8(ascii: ",")])
            return Array(String(open).utf8) + Array(body) + lineBreak + level + Array(String(close).utf8)
        }
        switch value {
        case .object(let object) where !object.isEmpty:
            return block("{", object.members.map { JSONWriter.bytes(of: .string($0.key)) + Array(": ".utf8) + rendered($0.value, inner) }, "}")
        case .array(let elements) where !elements.isEmpty:
            return block("[", elements.map { rendered($0, inner) }, "]")
        default: return JSONWriter.bytes(of: value)
        }
    }

    // MARK: Walking a valid text

    /// The value that begins at `start`.
    func span(at start: Int) -> Range<Int> {
        guard start < bytes.count else { return bytes.count..<bytes.count }
        switch bytes[start] {
        case UInt8(ascii: "\""): return start..<stringEnd(from: start)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            var depth = 0
            var index = start
            while index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "\""): index = stringEnd(from: index) - 1
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    if depth == 0 { return start..<index + 1 }
                default: break
                }
                index += 1
            }
            return start..<bytes.count
        default:
            let end = bytes[start...].firstIndex { Self.isSpace($0) || [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]")].contains($0) }
            return start..<(end ?? bytes.count)
        }
    }

    private func stringEnd(from start: Int) -> Int {
        var index = start + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
        return min(index + 1, bytes.count)
    }

    private func skipSpace(from start: Int) -> Int {
        var index = start
        while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
        return index
    }

    private func skipComma(from start: Int) -> Int {
        let index = skipSpace(from: start)
        return index < bytes.count && bytes[index] == UInt8(ascii: ",") ? skipSpace(from: index + 1) : index
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
}
