/// The values of `format` that can be asserted (Validation section 7.3). Each parser reads bytes once and keeps nothing.
enum StringFormat: String, Sendable, Hashable, CaseIterable {
    /// RFC 5321 section 4.1.2, without quoted local parts.
    case email
    /// RFC 3986 section 3, with a scheme.
    case uri
    /// RFC 3339 `full-date`.
    case date
    /// RFC 3339 `date-time`.
    case dateTime = "date-time"
    /// RFC 2673 section 3.2: four decimal numbers.
    case ipv4
    /// RFC 4291 section 2.2, without a zone.
    case ipv6
    /// RFC 9562 section 4, of any version.
    case uuid

    /// What a string of the format is called.
    var phrase: String {
        switch self {
        case .email: "an email address such as a@example.com"
        case .uri: "a URI with its scheme such as https://example.com/"
        case .date: "a date such as 2026-02-08"
        case .dateTime: "a date and time such as 2026-02-08T10:30:00Z"
        case .ipv4: "an IPv4 address such as 192.0.2.1"
        case .ipv6: "an IPv6 address such as 2001:db8::1"
        case .uuid: "a UUID such as 123e4567-e89b-12d3-a456-426614174000"
        }
    }

    func accepts(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return switch self {
        case .email: AddressFormats.isEmail(bytes[...])
        case .uri: AddressFormats.isURI(bytes[...])
        case .date: Self.isDate(bytes[...])
        case .dateTime: Self.isDateTime(bytes[...])
        case .ipv4: AddressFormats.isIPv4(bytes[...])
        case .ipv6: AddressFormats.isIPv6(bytes[...])
        case .uuid: Self.isUUID(bytes)
        }
    }

    private static func isDate(_ text: ArraySlice<UInt8>) -> Bool {
        let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3, let year = number(parts[0], digits: 4), let month = number(parts[1], digits: 2),
            let day = number(parts[2], digits: 2)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days =
            switch month {
            case 2: isLeap ? 29 : 28
            case 4, 6, 9, 11: 30
            case 1...12: 31
            default: 0
            }
        return (1...max(1, days)).contains(day) && days > 0
    }

    private static func isDateTime(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count >= 20, isDate(text.prefix(10)) else { return false }
        guard text[text.startIndex + 10] | 0x20 == UInt8(ascii: "t") else { return false }
        let clock = text.dropFirst(11)
        guard let (hour, minute) = hourAndMinute(clock.prefix(5)), clock.dropFirst(5).first == UInt8(ascii: ":"),
            let second = number(clock.dropFirst(6).prefix(2), digits: 2), second <= 60
        else { return false }
        var rest = clock.dropFirst(8)
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            guard !digits.isEmpty else { return false }
            rest = rest.dropFirst(digits.count + 1)
        }
        guard let mark = rest.first else { return false }
        var offset = 0
        switch mark {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"):
            guard rest.count == 1 else { return false }
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            guard rest.count == 6, let (hours, minutes) = hourAndMinute(rest.dropFirst()) else { return false }
            offset = (hours * 60 + minutes) * (mark == UInt8(ascii: "+") ? 1 : -1)
        default: return false
        }
        // A leap second ends a day of UTC.
        let minuteOfDay = (hour * 60 + minute - offset + 2 * 1440) % 1440
        return second < 60 || minuteOfDay == 1439
    }

    private static func hourAndMinute(_ text: ArraySlice<UInt8>) -> (Int, Int)? {
        guard text.count == 5, text[text.startIndex + 2] == UInt8(ascii: ":"), let hour = number(text.prefix(2), digits: 2),
            let minute = number(text.suffix(2), digits: 2), hour < 24, minute < 60
        else { return nil }
        return (hour, minute)
    }

    private static func number(_ text: ArraySlice<UInt8>, digits: Int) -> Int? {
        guard text.count == digits, text.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else { return nil }
        return text.reduce(0) { $0 * 10 + Int($1 & 0xF) }
    }

    private static func isUUID(_ text: [UInt8]) -> Bool {
        text.count == 36
            && text.enumerated().allSatisfy { index, byte in
                [8, 13, 18, 23].contains(index) ? byte == UInt8(ascii: "-") : AddressFormats.isHexDigit(byte)
            }
    }
}
