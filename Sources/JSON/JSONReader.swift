/// A strict reader of RFC 8259 texts: one pass, bounded depth, no recovery.
///
/// Cost: about one pass over the bytes; every string is copied once. Depth costs stack, so the limit stands.
public struct JSONReader: Sendable {
    /// What becomes of an escaped half of a surrogate pair without its other half (RFC 8259 section 8.2).
    public enum LoneSurrogates: Sendable {
        /// The text is refused.
        case refuse
        /// U+FFFD takes the place of each half, as real transcripts need it.
        case replace
    }

    /// How deep arrays and objects may nest.
    public var maximumDepth: Int
    /// What becomes of lone surrogates.
    public var loneSurrogates: LoneSurrogates
    /// Refuses an object in which a key stands twice, so that no two readers of a message can disagree about it.
    public var refusesDuplicateKeys: Bool

    /// A reader with these limits; the defaults suit messages from the network.
    public init(maximumDepth: Int = 64, loneSurrogates: LoneSurrogates = .refuse, refusesDuplicateKeys: Bool = true) {
        self.maximumDepth = maximumDepth
        self.loneSurrogates = loneSurrogates
        self.refusesDuplicateKeys = refusesDuplicateKeys
    }

    /// Reads one value; white space may surround it and nothing else.
    public func read(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> JSONValue {
        var scanner = JSONScanner(bytes: bytes, options: self)
        return try scanner.document()
    }

    /// Reads one value from UTF-8 bytes.
    public func read(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        let result: Result<JSONValue, JSONError> = bytes.withUnsafeBytes { buffer in
            do throws(JSONError) { return .success(try read(buffer)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Reads one value from a string.
    public func read(_ text: String) throws(JSONError) -> JSONValue {
        try read(Array(text.utf8))
    }
}

/// The state of one pass over a text.
struct JSONScanner {
    let bytes: UnsafeRawBufferPointer
    let options: JSONReader
    var index = 0
    var depth = 0

    init(bytes: UnsafeRawBufferPointer, options: JSONReader) {
        self.bytes = bytes
        self.options = options
    }

    mutating func document() throws(JSONError) -> JSONValue {
        skipWhiteSpace()
        guard index < bytes.count else { throw JSONError(.empty, at: index) }
        let value = try value()
        skipWhiteSpace()
        guard index == bytes.count else { throw JSONError(.textAfterValue, at: index) }
        return value
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: index) }
        switch bytes[index] {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case let byte: throw JSONError(.unexpectedByte(byte), at: index)
        }
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for offset in 0..<text.utf8CodeUnitCount {
            guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: index) }
            guard bytes[index] == text.utf8Start[offset] else { throw JSONError(.unexpectedByte(bytes[index]), at: index) }
            index += 1
        }
        return value
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        try enter()
        var elements: [JSONValue] = []
        if try closes(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value())
            if try !continues(until: UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        try enter()
        var members: [JSONObject.Member] = []
        if try closes(UInt8(ascii: "}")) { return .object(JSONObject()) }
        var seen: Set<[UInt8]> = []
        while true {
            let keyOffset = index
            guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: index) }
            guard bytes[index] == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte(bytes[index]), at: index) }
            let key = try string()
            if options.refusesDuplicateKeys, isRepeated(key, in: members, &seen) {
                throw JSONError(.duplicateKey(key), at: keyOffset)
            }
            skipWhiteSpace()
            try expect(UInt8(ascii: ":"))
            skipWhiteSpace()
            members.append(JSONObject.Member(key: key, value: try value()))
            if try !continues(until: UInt8(ascii: "}")) { return .object(JSONObject(members)) }
        }
    }

    /// A walk for small objects, a set beyond, so that an object of a million keys costs no quadratic time.
    private func isRepeated(_ key: String, in members: [JSONObject.Member], _ seen: inout Set<[UInt8]>) -> Bool {
        if members.count < 16 { return members.contains { JSONObject.isSame($0.key, key) } }
        if seen.isEmpty { seen = Set(members.map { Array($0.key.utf8) }) }
        return !seen.insert(Array(key.utf8)).inserted
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        guard depth <= options.maximumDepth else { throw JSONError(.tooDeep(limit: options.maximumDepth), at: index) }
        index += 1
        skipWhiteSpace()
    }

    private mutating func closes(_ closer: UInt8) throws(JSONError) -> Bool {
        guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: index) }
        guard bytes[index] == closer else { return false }
        index += 1
        depth -= 1
        return true
    }

    /// Steps over a comma (true) or the closing byte (false).
    private mutating func continues(until closer: UInt8) throws(JSONError) -> Bool {
        skipWhiteSpace()
        if try closes(closer) { return false }
        try expect(UInt8(ascii: ","))
        skipWhiteSpace()
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: index) }
        guard bytes[index] == byte else { throw JSONError(.unexpectedByte(bytes[index]), at: index) }
        index += 1
    }

    private mutating func skipWhiteSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = index
        var isInteger = true
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        let integerStart = index
        try digits(start)
        if bytes[integerStart] == UInt8(ascii: "0"), index - integerStart > 1 { throw JSONError(.invalidNumber, at: start) }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            isInteger = false
            index += 1
            try digits(start)
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") { index += 1 }
            try digits(start)
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger { return Int64(text).map(JSONValue.integer) ?? .number(text) }
        guard let double = Double(text), double.isFinite else { return .number(text) }
        return .double(double)
    }

    private mutating func digits(_ start: Int) throws(JSONError) {
        let first = index
        while index < bytes.count, bytes[index] >= UInt8(ascii: "0"), bytes[index] <= UInt8(ascii: "9") { index += 1 }
        guard index > first else { throw JSONError(.invalidNumber, at: start) }
    }
}
