import JSON

/// A JSON number as a decimal fraction: `digits` times ten to the `exponent`, with no zero at either end of the digits.
///
/// JSON Schema compares numbers by their mathematical value (Core section 4.2.2), which neither `Int64` nor `Double` holds for all of
/// them. A `Double` stands for its shortest decimal text, so that 0.3 is a multiple of 0.1.
struct ExactNumber: Sendable, Hashable {
    private let isNegative: Bool
    private let digits: [UInt8]
    private let exponent: Int

    /// `nil` for what is no number of JSON, infinity among it.
    init?(_ value: JSONValue) {
        switch value {
        case .integer(let number): self.init(text: String(number))
        case .double(let number):
            // What 64 bits hold is the integer it is; the shortest text of 2^62 would be another one.
            self.init(text: Int64(exactly: number).map(String.init) ?? number.description)
        case .number(let text): self.init(text: text)
        default: return nil
        }
    }

    private init?(text: String) {
        var rest = text.utf8[...]
        let hasSign = rest.first == UInt8(ascii: "-")
        if hasSign { rest = rest.dropFirst() }
        var digits: [UInt8] = []
        let whole = rest.prefix(while: Self.isDigit)
        guard !whole.isEmpty else { return nil }
        digits.append(contentsOf: whole)
        rest = rest.dropFirst(whole.count)
        var exponent = 0
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: Self.isDigit)
            guard !fraction.isEmpty else { return nil }
            digits.append(contentsOf: fraction)
            exponent = -fraction.count
            rest = rest.dropFirst(fraction.count + 1)
        }
        if let mark = rest.first {
            guard mark | 0x20 == UInt8(ascii: "e"), let written = Self.exponent(rest.dropFirst()) else { return nil }
            exponent += written
        }
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        self.digits = Array(digits.drop { $0 == UInt8(ascii: "0") })
        // There is one zero.
        isNegative = hasSign && !self.digits.isEmpty
        self.exponent = self.digits.isEmpty ? 0 : exponent
    }

    /// The digits behind the `e`, cut where no sum of them with a count of digits overflows.
    private static func exponent(_ text: Substring.UTF8View) -> Int? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
        let value = digits.reduce(0) { min($0 * 10 + Int($1 & 0xF), 1_000_000_000_000) }
        return isNegative ? -value : value
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    var isZero: Bool { digits.isEmpty }
    var isInteger: Bool { digits.isEmpty || exponent >= 0 }
    var isPositive: Bool { !isZero && !isNegative }

    /// The number where 64 bits hold it.
    var integer: Int64? {
        guard isInteger, exponent + digits.count <= 19 else { return nil }
        let text = String(decoding: digits, as: UTF8.self) + String(repeating: "0", count: exponent)
        return isZero ? 0 : Int64(isNegative ? "-\(text)" : text)
    }

    /// Whether this divided by the other is a whole number; `nil` where the other is zero or has more than 19 digits.
    func isMultiple(of divisor: ExactNumber) -> Bool? {
        guard !divisor.isZero, divisor.digits.count <= 19 else { return nil }
        let modulus = divisor.digits.reduce(UInt64(0)) { $0 &* 10 &+ UInt64($1 & 0xF) }
        // The digits of neither end in zero: with tens left in the divisor, nothing but zero is a multiple.
        guard exponent >= divisor.exponent else { return isZero }
        let rest = digits.reduce(UInt64(0)) { Self.product($0, 10, plus: UInt64($1 & 0xF), modulo: modulus) }
        return Self.product(rest, Self.power(of: 10, exponent - divisor.exponent, modulo: modulus), modulo: modulus) == 0
    }

    private static func power(of number: UInt64, _ exponent: Int, modulo modulus: UInt64) -> UInt64 {
        var result = 1 % modulus
        var factor = number % modulus
        var exponent = exponent
        while exponent > 0 {
            if exponent & 1 == 1 { result = product(result, factor, modulo: modulus) }
            factor = product(factor, factor, modulo: modulus)
            exponent >>= 1
        }
        return result
    }

    /// Both factors, or one of them and 10, are below 2^64, and one is below the modulus: the quotient fits.
    private static func product(_ left: UInt64, _ right: UInt64, plus summand: UInt64 = 0, modulo modulus: UInt64) -> UInt64 {
        var (high, low) = (left % modulus).multipliedFullWidth(by: right % modulus)
        let (sum, carries) = low.addingReportingOverflow(summand % modulus)
        low = sum
        if carries { high &+= 1 }
        return modulus.dividingFullWidth((high % modulus, low)).remainder
    }
}

extension ExactNumber: Comparable {
    static func < (left: ExactNumber, right: ExactNumber) -> Bool {
        guard left.isNegative == right.isNegative else { return left.isNegative }
        return left.isNegative ? isCloserToZero(right, left) : isCloserToZero(left, right)
    }

    private static func isCloserToZero(_ left: ExactNumber, _ right: ExactNumber) -> Bool {
        guard !left.isZero, !right.isZero else { return left.isZero && !right.isZero }
        let sizes = (left.exponent + left.digits.count, right.exponent + right.digits.count)
        return sizes.0 == sizes.1 ? left.digits.lexicographicallyPrecedes(right.digits) : sizes.0 < sizes.1
    }
}
