import JSON
import Testing

@testable import MCPCore

@Suite struct `Exact numbers` {
    static func number(_ text: String) throws -> ExactNumber { try #require(ExactNumber(.number(text))) }

    @Test(arguments: [("1", "1.0"), ("100", "1e2"), ("-0", "0"), ("0.10", "1E-1"), ("12300e-2", "123"), ("0e999999999999999999999", "0")])
    func `one value has one form`(left: String, right: String) throws {
        #expect(try Self.number(left) == Self.number(right))
        #expect(ExactValue(.number(left)) == ExactValue(.number(right)))
        #expect(ExactValue(.number(left)).hashValue == ExactValue(.number(right)).hashValue)
    }

    @Test func `a number in any form of JSON value is the same number`() {
        let forms: [JSONValue] = [5, .double(5), .number("5"), .number("5.0"), .number("0.5e1")]
        #expect(Set(forms.map(ExactValue.init)).count == 1)
    }

    @Test func `numbers are ordered by value`() throws {
        let ordered = ["-1e400", "-123", "-12.5", "-0.001", "0", "1e-400", "0.5", "0.51", "9", "10", "11", "1e20", "123456789012345678901", "1e400"]
        for (index, left) in ordered.enumerated() {
            for right in ordered[(index + 1)...] {
                #expect(try Self.number(left) < Self.number(right))
                #expect(try !(Self.number(right) < Self.number(left)))
            }
            #expect(try !(Self.number(left) < Self.number(left)))
        }
    }

    @Test(arguments: ["", "-", "+1", "1.", ".5", "1e", "1e+", "x", "1x", "inf", "nan", "0x1"]) func `what is no number is none`(text: String) {
        #expect(ExactNumber(.number(text)) == nil)
    }

    @Test func `other values and infinity are no numbers`() {
        for value: JSONValue in ["1", nil, true, [1], .double(.infinity), .double(.nan)] { #expect(ExactNumber(value) == nil) }
    }

    @Test func `integers of 64 bits are recognized`() throws {
        #expect(try Self.number("-9223372036854775808").integer == .min)
        #expect(try Self.number("9223372036854775807").integer == .max)
        #expect(try Self.number("9223372036854775808").integer == nil)
        #expect(try Self.number("12e2").integer == 1200)
        #expect(try Self.number("1.5").integer == nil)
        #expect(try Self.number("0").integer == 0)
    }

    static let multiples: [(String, String, Bool?)] = [
        ("9", "3", true), ("10", "3", false), ("0", "7", true), ("-9", "3", true), ("0.3", "0.1", true), ("0.35", "0.1", false),
        ("1e400", "2", true), ("1e400", "3", false), ("1", "1e400", false), ("18446744073709551610", "9223372036854775805", true),
        ("9999999999999999999", "9999999999999999999", true), ("99999999999999999980000000000000000000", "9999999999999999999", false),
        ("5", "0", nil), ("5", "123456789012345678901", nil),
    ]

    @Test(arguments: multiples) func `multiples are found without rounding`(number: String, divisor: String, expected: Bool?) throws {
        #expect(try Self.number(number).isMultiple(of: Self.number(divisor)) == expected)
    }
}
