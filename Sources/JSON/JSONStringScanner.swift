// The part of the scanner that reads strings: most of them are plain, so they are found and copied in one go, and only
// a string with a backslash is built piece by piece.
extension JSONScanner {
    mutating func string() throws(JSONError) -> String {
        let opening = index
        index += 1
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                let text = try plain(start..<index)
                index += 1
                return text
            case UInt8(ascii: "\\"):
                return try escapedString(from: start, opening: opening)
            case 0..<0x20:
                throw JSONError(.controlCharacterInString, at: index)
            default:
                index += 1
            }
        }
        throw JSONError(.unexpectedEnd, at: bytes.count)
    }

    private func plain(_ range: Range<Int>) throws(JSONError) -> String {
        let slice = UnsafeRawBufferPointer(rebasing: bytes[range])
        guard let text = String(validating: slice.bindMemory(to: UInt8.self), as: UTF8.self) else {
            throw JSONError(.invalidUTF8, at: range.lowerBound)
        }
        return text
    }

    private mutating func escapedString(from start: Int, opening: Int) throws(JSONError) -> String {
        var text: [UInt8] = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                guard let result = String(validating: text, as: UTF8.self) else { throw JSONError(.invalidUTF8, at: opening) }
                return result
            case UInt8(ascii: "\\"):
                index += 1
                try escape(into: &text)
            case 0..<0x20:
                throw JSONError(.controlCharacterInString, at: index)
            default:
                text.append(byte)
                index += 1
            }
        }
        throw JSONError(.unexpectedEnd, at: bytes.count)
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: index) }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): try unicodeEscape(into: &text)
        default: throw JSONError(.invalidEscape, at: index - 1)
        }
    }

    private mutating func unicodeEscape(into text: inout [UInt8]) throws(JSONError) {
        let offset = index - 2
        let unit = try hexUnit()
        if let scalar = Unicode.Scalar(UInt32(unit)) {
            text.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
            return
        }
        // A high half counts only with a low half right behind it.
        if unit < 0xDC00, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") {
            let mark = index
            index += 2
            let low = try hexUnit()
            if (0xDC00...0xDFFF).contains(low) {
                let code = 0x10000 + ((UInt32(unit) - 0xD800) << 10) + (UInt32(low) - 0xDC00)
                if let scalar = Unicode.Scalar(code) { text.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? []) }
                return
            }
            index = mark
        }
        guard case .replace = options.loneSurrogates else { throw JSONError(.loneSurrogate, at: offset) }
        text.append(contentsOf: [0xEF, 0xBF, 0xBD])
    }

    private mutating func hexUnit() throws(JSONError) -> UInt16 {
        guard index + 4 <= bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            let byte = bytes[index]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw JSONError(.invalidEscape, at: index)
            }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }
}
