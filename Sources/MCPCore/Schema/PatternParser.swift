/// Reads a regular expression (ECMA-262 section 22.2.1) into a tree.
///
/// Groups nest 50 deep at most, which bounds the stack here and in ``PatternProgram``.
struct PatternParser {
    private static let maximumDepth = 50

    let scalars: [Unicode.Scalar]
    var index = 0
    private var depth = 0

    init(_ source: String) { scalars = Array(source.unicodeScalars) }

    /// The whole expression.
    mutating func expression() throws(PatternError) -> PatternTree {
        let tree = try choice()
        guard index == scalars.count else { throw PatternError(reason: "has a ) without its (") }
        return tree
    }

    var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func skip(_ text: String) -> Bool {
        guard scalars[index...].starts(with: text.unicodeScalars) else { return false }
        index += text.unicodeScalars.count
        return true
    }

    private mutating func choice() throws(PatternError) -> PatternTree {
        var branches = [try sequence()]
        while skip("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternError) -> PatternTree {
        var parts: [PatternTree] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let part = try atom()
            parts.append(try repeated(part))
        }
        return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func atom() throws(PatternError) -> PatternTree {
        guard let scalar = next else { return .empty }
        index += 1
        switch scalar {
        case "^": return .start
        case "$": return .end
        case ".": return .one(.dot)
        case "(": return try group()
        case "[": return .one(try bracket())
        case "\\": return try escape()
        case "*", "+", "?": throw PatternError(reason: "has a \(scalar) with nothing before it to repeat")
        case "{":
            index -= 1
            if try bounds() != nil { throw PatternError(reason: "has a {} with nothing before it to repeat") }
            index += 1
            return .one(ScalarSet(scalar.value))
        default: return .one(ScalarSet(scalar.value))
        }
    }

    private mutating func group() throws(PatternError) -> PatternTree {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw PatternError(reason: "nests groups deeper than \(Self.maximumDepth) levels") }
        if skip("?") {
            for look in ["=", "!", "<=", "<!"] where skip(look) {
                throw PatternError(reason: "uses (?\(look)...), which is not supported: matching must take linear time")
            }
            if skip("<") {
                while let scalar = next, scalar != ">" { index += 1 }
                guard skip(">") else { throw PatternError(reason: "has a group whose name does not end") }
            } else if !skip(":") {
                throw PatternError(reason: "has a group that begins with (? and is of no known kind")
            }
        }
        let tree = try choice()
        guard skip(")") else { throw PatternError(reason: "has a ( without its )") }
        return tree
    }

    private mutating func repeated(_ part: PatternTree) throws(PatternError) -> PatternTree {
        let minimum: Int
        let maximum: Int?
        if skip("*") {
            (minimum, maximum) = (0, nil)
        } else if skip("+") {
            (minimum, maximum) = (1, nil)
        } else if skip("?") {
            (minimum, maximum) = (0, 1)
        } else if let bounds = try bounds() {
            (minimum, maximum) = bounds
        } else {
            return part
        }
        // What is preferred makes no difference to whether there is a match.
        _ = skip("?")
        return .repetition(part, minimum: minimum, maximum: maximum)
    }

    /// `{n}`, `{n,}` or `{n,m}`; a brace that begins none of them is a character.
    private mutating func bounds() throws(PatternError) -> (Int, Int?)? {
        let start = index
        guard skip("{"), let minimum = number() else {
            index = start
            return nil
        }
        let maximum = skip(",") ? number() : minimum
        guard skip("}") else {
            index = start
            return nil
        }
        if let maximum, maximum < minimum {
            throw PatternError(reason: "repeats something {\(minimum),\(maximum)}: the bounds are in the wrong order")
        }
        return (minimum, maximum)
    }

    private mutating func number() -> Int? {
        let start = index
        var value = 0
        while let digit = next, ("0"..."9").contains(digit) {
            value = min(value * 10 + Int(digit.value - 0x30), 1_000_000_000)
            index += 1
        }
        return index > start ? value : nil
    }
}
