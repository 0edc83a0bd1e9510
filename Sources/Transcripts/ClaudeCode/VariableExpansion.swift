/// `${NAME}` and `${NAME:-default}` in a configured text, replaced as Claude Code 2.1 replaces them: a variable that is set counts even
/// where it is empty, a default may hold variables of its own, and what is neither set nor has a default stays as it is written.
struct VariableExpansion {
    private let environment: [String: String]
    /// The variables that are named without a default and are not set, in the order of the text.
    private(set) var missing: [String] = []

    init(environment: [String: String]) {
        self.environment = environment
    }

    mutating func expand(_ text: some StringProtocol) -> String {
        expand(Substring(text), depth: 0)
    }

    private mutating func expand(_ text: Substring, depth: Int) -> String {
        var result = ""
        var rest = text
        while let start = rest.firstRange(of: "${") {
            result += rest[..<start.lowerBound]
            guard depth < 8, let end = closingBrace(in: rest[start.upperBound...]) else {
                return result + rest[start.lowerBound...]
            }
            result += value(of: rest[start.upperBound..<end], written: rest[start.lowerBound...end], depth: depth)
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private mutating func value(of reference: Substring, written: Substring, depth: Int) -> String {
        let separator = reference.firstRange(of: ":-")
        let name = String(reference[..<(separator?.lowerBound ?? reference.endIndex)])
        guard name.utf8.allSatisfy(Self.mayStandInName), name.utf8.first.map({ !(0x30...0x39).contains($0) }) == true else {
            return String(written)
        }
        if let value = environment[name] { return value }
        if let separator { return expand(reference[separator.upperBound...], depth: depth + 1) }
        if !missing.contains(name) { missing.append(name) }
        return String(written)
    }

    private func closingBrace(in text: Substring) -> Substring.Index? {
        var depth = 0
        var index = text.startIndex
        while index < text.endIndex {
            if text[index...].hasPrefix("${") {
                depth += 1
            } else if text[index] == "}" {
                if depth == 0 { return index }
                depth -= 1
            }
            index = text.index(after: index)
        }
        return nil
    }

    private static func mayStandInName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
