/// Escapes and classes in brackets.
extension PatternParser {
    /// What follows a backslash outside of brackets.
    mutating func escape() throws(PatternError) -> PatternTree {
        if skip("b") { return .wordBoundary(isNegated: false) }
        if skip("B") { return .wordBoundary(isNegated: true) }
        if let digit = next, ("1"..."9").contains(digit) {
            throw PatternError(reason: "uses the back reference \\\(digit), which is not supported: matching must take linear time")
        }
        if next == "k" { throw PatternError(reason: "uses a back reference \\k, which is not supported: matching must take linear time") }
        switch try escaped() {
        case .scalar(let value): return .one(ScalarSet(value))
        case .set(let set): return .one(set)
        }
    }

    private enum Escaped {
        case scalar(UInt32)
        case set(ScalarSet)
    }

    /// The escapes that mean the same inside and outside of brackets.
    private mutating func escaped() throws(PatternError) -> Escaped {
        guard let letter = next else { throw PatternError(reason: "ends with a backslash") }
        index += 1
        if let set = ScalarSet(escape: letter) { return .set(set) }
        switch letter {
        case "t": return .scalar(0x09)
        case "n": return .scalar(0x0A)
        case "v": return .scalar(0x0B)
        case "f": return .scalar(0x0C)
        case "r": return .scalar(0x0D)
        case "0":
            if let digit = next, ("0"..."9").contains(digit) { throw PatternError(reason: "has an octal escape; write \\x and two digits") }
            return .scalar(0)
        case "c":
            guard let control = next, control.isASCII, control.properties.isAlphabetic else {
                throw PatternError(reason: "has a \\c without a letter")
            }
            index += 1
            return .scalar(control.value & 0x1F)
        case "x": return .scalar(try hexadecimal(2))
        case "u": return .scalar(try codePoint())
        case "p", "P": return .set(try property(isNegated: letter == "P"))
        default:
            guard !letter.isASCII || !(letter.properties.isAlphabetic || letter.properties.numericType != nil) else {
                throw PatternError(reason: "has the escape \\\(letter), which is not known")
            }
            return .scalar(letter.value)
        }
    }

    private mutating func hexadecimal(_ count: Int) throws(PatternError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = next, let digitValue = Character(digit).hexDigitValue, digit.isASCII else {
                throw PatternError(reason: "has an escape that wants \(count) hexadecimal digits")
            }
            value = value << 4 | UInt32(digitValue)
            index += 1
        }
        return value
    }

    /// `\u{...}`, `\u` and four digits, or two of the latter that are a surrogate pair.
    private mutating func codePoint() throws(PatternError) -> UInt32 {
        if skip("{") {
            let start = index
            while let scalar = next, scalar != "}", index - start <= 8 { index += 1 }
            let digits = String(String.UnicodeScalarView(scalars[start..<index]))
            guard skip("}"), let value = UInt32(digits, radix: 16), value <= 0x10FFFF, !digits.hasPrefix("+") else {
                throw PatternError(reason: "has a \\u{...} that names no code point")
            }
            return value
        }
        let value = try hexadecimal(4)
        guard (0xD800...0xDBFF).contains(value) else { return value }
        let start = index
        guard skip("\\u"), !skip("{") else {
            index = start
            return value
        }
        let second = try hexadecimal(4)
        guard (0xDC00...0xDFFF).contains(second) else {
            index = start
            return value
        }
        return 0x10000 + (value - 0xD800) << 10 + (second - 0xDC00)
    }

    private mutating func property(isNegated: Bool) throws(PatternError) -> ScalarSet {
        let start = index
        guard skip("{") else { throw PatternError(reason: "has a \\p without its {name}") }
        while let scalar = next, scalar != "}", index - start <= 64 { index += 1 }
        let name = String(String.UnicodeScalarView(scalars[(start + 1)..<index]))
        guard skip("}") else { throw PatternError(reason: "has a \\p whose name does not end") }
        guard let property = ScalarProperty(name: name) else {
            throw PatternError(reason: "uses \\p{\(name)}; supported are general categories such as L, Lu and Nd, and a few binary properties")
        }
        return ScalarSet(property, isNegated: isNegated)
    }

    /// A class, behind its opening bracket.
    mutating func bracket() throws(PatternError) -> ScalarSet {
        var set = ScalarSet()
        let isNegated = skip("^")
        while let scalar = next, scalar != "]" {
            let first = try classAtom()
            let dash = index
            guard skip("-"), let after = next, after != "]" else {
                index = dash
                Self.insert(first, into: &set)
                continue
            }
            let last = try classAtom()
            guard case .scalar(let low) = first, case .scalar(let high) = last else {
                // `[\w-.]`: no range begins or ends with a set, so the dash is a character.
                for member in [first, .scalar(0x2D), last] { Self.insert(member, into: &set) }
                continue
            }
            guard low <= high else { throw PatternError(reason: "has a range in brackets that is in the wrong order") }
            set.insert(low...high)
        }
        guard skip("]") else { throw PatternError(reason: "has a [ without its ]") }
        if isNegated { set.negate() }
        set.complete()
        return set
    }

    private mutating func classAtom() throws(PatternError) -> Escaped {
        if skip("\\") { return skip("b") ? .scalar(0x08) : try escaped() }
        guard let scalar = next else { throw PatternError(reason: "has a [ without its ]") }
        index += 1
        return .scalar(scalar.value)
    }

    private static func insert(_ member: Escaped, into set: inout ScalarSet) {
        switch member {
        case .scalar(let value): set.insert(value...value)
        case .set(let other): set.formUnion(other)
        }
    }
}
