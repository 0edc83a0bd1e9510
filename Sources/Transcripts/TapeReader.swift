import JSON

/// Walks simdjson's tape (its doc/tape.md) and copies out what it says.
struct TapeReader {
    let tape: UnsafePointer<UInt64>
    let strings: UnsafePointer<UInt8>

    private static let payload: UInt64 = 0x00FF_FFFF_FFFF_FFFF

    /// The value behind the root word; `nil` for a tape of another form than this reader knows.
    func document() -> JSONValue? {
        guard tag(0) == UInt8(ascii: "r") else { return nil }
        var index = 1
        return value(&index)
    }

    private func tag(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: tape[index] >> 56) }

    private func value(_ index: inout Int) -> JSONValue? {
        let word = tape[index]
        index += 1
        switch UInt8(truncatingIfNeeded: word >> 56) {
        case UInt8(ascii: "\""): return .string(string(word))
        case UInt8(ascii: "{"): return object(word, &index)
        case UInt8(ascii: "["): return array(word, &index)
        case UInt8(ascii: "t"): return .bool(true)
        case UInt8(ascii: "f"): return .bool(false)
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "l"):
            index += 1
            return .integer(Int64(bitPattern: tape[index - 1]))
        case UInt8(ascii: "u"):
            index += 1
            return Int64(exactly: tape[index - 1]).map { .integer($0) } ?? .number(String(tape[index - 1]))
        case UInt8(ascii: "d"):
            index += 1
            return .double(Double(bitPattern: tape[index - 1]))
        default: return nil
        }
    }

    /// The count of elements is saturated at 2^24 - 1 and only a hint.
    private func capacity(_ word: UInt64) -> Int { min(Int(word >> 32 & 0xFF_FFFF), 1 << 16) }

    private func object(_ word: UInt64, _ index: inout Int) -> JSONValue? {
        let end = Int(word & 0xFFFF_FFFF) - 1
        var members: [JSONObject.Member] = []
        members.reserveCapacity(capacity(word))
        while index < end {
            let key = tape[index]
            index += 1
            guard let value = value(&index) else { return nil }
            members.append(JSONObject.Member(key: string(key), value: value))
        }
        index = end + 1
        return .object(JSONObject(members))
    }

    private func array(_ word: UInt64, _ index: inout Int) -> JSONValue? {
        let end = Int(word & 0xFFFF_FFFF) - 1
        var elements: [JSONValue] = []
        elements.reserveCapacity(capacity(word))
        while index < end {
            guard let value = value(&index) else { return nil }
            elements.append(value)
        }
        index = end + 1
        return .array(elements)
    }

    private func string(_ word: UInt64) -> String {
        let start = strings + Int(word & Self.payload)
        let length = UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
        return String(decoding: UnsafeBufferPointer(start: start + 4, count: Int(length)), as: UTF8.self)
    }
}
