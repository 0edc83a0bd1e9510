/// How many tokens a text may cost a model, estimated from above.
///
/// No tokenizer of the models in question is published, so this counts what none of the known ones beats: a run of
/// letters costs one token for each four, digits one for two, every other visible character one (runs of the same one
/// for four), bytes outside of ASCII one for two. English prose comes out about a quarter over its true cost, JSON and
/// code about a third. Cost: one pass over the bytes.
package enum TokenEstimate {
    package static func tokens(in text: some StringProtocol) -> Int {
        var text = String(text)
        return text.withUTF8 { tokens(in: $0) }
    }

    package static func tokens(in bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { tokens(in: $0) }
    }

    private enum Run: Equatable {
        case letters, digits, space, foreign
        case sign(UInt8)

        init(_ byte: UInt8) {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): self = .letters
            case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .digits
            case 0x20, 0x09, 0x0D: self = .space
            case 0x80...: self = .foreign
            default: self = .sign(byte)
            }
        }

        func cost(length: Int) -> Int {
            switch self {
            case .letters, .sign: (length + 3) / 4
            case .digits, .foreign: (length + 1) / 2
            // One space belongs to the word behind it.
            case .space: length > 1 ? 1 + length / 16 : 0
            }
        }
    }

    private static func tokens(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard let first = bytes.first else { return 0 }
        var total = 0
        var run = Run(first)
        var length = 0
        for byte in bytes {
            let next = Run(byte)
            if next == run {
                length += 1
            } else {
                total += run.cost(length: length)
                run = next
                length = 1
            }
        }
        return total + run.cost(length: length)
    }
}
