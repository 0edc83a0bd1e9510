/// What a resource of the memory is called: `memory://KIND/NAME`.
enum MemoryAddress {
    case message(String)
    case window(Int64)
    case conversation(String)
    case era(String)

    var uri: String {
        switch self {
        case .message(let id): "memory://message/\(Self.encoded(id))"
        case .window(let number): "memory://window/\(number)"
        case .conversation(let id): "memory://conversation/\(Self.encoded(id))"
        case .era(let name): "memory://era/\(Self.encoded(name))"
        }
    }

    /// What a `{variable}` of a template expands to: all but unreserved characters percent-encoded (RFC 6570, section 3.2.2).
    private static func encoded(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.append(byte)
            default:
                result.append(UInt8(ascii: "%"))
                let digits = Array("0123456789ABCDEF".utf8)
                result.append(digits[Int(byte >> 4)])
                result.append(digits[Int(byte & 15)])
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
