import Diagnosis
import Listeners

/// Whom a proxy heard from (RFC 7239 section 6). Names of hosts are none.
enum ForwardedNode: Equatable {
    case address(InternetAddress)
    /// `unknown`, or a name that the proxy made up (`_secret`).
    case hidden

    /// With or without a port, the address in canonical form. An IPv6 address without brackets, as `X-Forwarded-For` has it, has none.
    init?(_ text: some StringProtocol) {
        if text.lowercased() == "unknown" {
            self = .hidden
            return
        }
        if text.utf8.first == UInt8(ascii: "_") {
            guard text.utf8.count <= 256, text.utf8.dropFirst().allSatisfy(Self.mayStandInName) else { return nil }
            self = .hidden
            return
        }
        // 45 characters of an address, two brackets, a colon and a port.
        guard text.utf8.count <= 53, let address = Self.address(text) else { return nil }
        self = .address(address.canonical)
    }

    private static func address(_ text: some StringProtocol) -> InternetAddress? {
        if text.utf8.first == UInt8(ascii: "[") {
            guard let end = text.firstIndex(of: "]"), let address = InternetAddress(text[..<end].dropFirst()), address.family == .ipv6 else {
                return nil
            }
            let rest = text[text.index(after: end)...]
            return rest.isEmpty || (rest.utf8.first == UInt8(ascii: ":") && isPort(rest.dropFirst())) ? address : nil
        }
        guard let colon = text.firstIndex(of: ":"), text[text.index(after: colon)...].firstIndex(of: ":") == nil else { return InternetAddress(text) }
        return isPort(text[text.index(after: colon)...]) ? InternetAddress(text[..<colon]) : nil
    }

    /// Digits, or a name that was made up.
    private static func isPort(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first else { return false }
        if first == UInt8(ascii: "_") { return text.utf8.dropFirst().allSatisfy(mayStandInName) }
        return text.utf8.count <= 5 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func mayStandInName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// The items of a list, from the right: what stands further left is not looked at before it is asked for.
struct ForwardedFor {
    private var rest: Substring
    private(set) var isAtEnd = false

    private let whole: String

    init(_ value: String) {
        whole = value
        rest = value[...]
    }

    /// Without white space around it; an item may be empty.
    mutating func next() -> Substring? {
        guard !isAtEnd else { return nil }
        guard let comma = rest.utf8.lastIndex(of: UInt8(ascii: ",")) else {
            isAtEnd = true
            return rest.trimmed
        }
        defer { rest = rest[..<comma] }
        return rest[rest.utf8.index(after: comma)...].trimmed
    }

    var count: Int { Self.count(whole) }

    /// The item of another list that stands for the same hop; `nil` where the lists are of different lengths.
    static func item(_ value: String, fromRight place: Int, ofAsManyAs count: Int) -> Substring? {
        guard self.count(value) == count else { return nil }
        var items = ForwardedFor(value)
        for _ in 0..<place { _ = items.next() }
        return items.next()
    }

    private static func count(_ value: String) -> Int {
        value.utf8.reduce(1) { $1 == UInt8(ascii: ",") ? $0 + 1 : $0 }
    }
}

/// The elements of `Forwarded` (RFC 7239 section 4), from the right.
struct ForwardedElements {
    struct Element: Equatable {
        var `for`: String?
        var proto: String?
    }

    private var rest: Substring.UTF8View
    private(set) var isAtEnd = false

    init(_ value: String) {
        rest = value[...].utf8
    }

    /// `nil` where there is none, and where it is not as the grammar has it.
    mutating func next() -> Element? {
        guard !isAtEnd else { return nil }
        var element = Element()
        while let (pair, end) = nextPair() {
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), equals > pair.startIndex,
                let value = Self.value(pair[pair.index(after: equals)...])
            else { return nil }
            switch Substring(pair[..<equals]).lowercased() {
            case "for":
                guard element.for == nil else { return nil }
                element.for = value
            case "proto":
                guard element.proto == nil else { return nil }
                element.proto = value
            default: break
            }
            if end != UInt8(ascii: ";") {
                isAtEnd = end == nil
                return element
            }
        }
        return nil
    }

    /// What stands behind the last separator outside quotes, and that separator; `nil` for quotes that do not close.
    private mutating func nextPair() -> (pair: Substring.UTF8View, end: UInt8?)? {
        var isQuoted = false
        var index = rest.endIndex
        while index > rest.startIndex {
            index = rest.index(before: index)
            switch rest[index] {
            case UInt8(ascii: "\""):
                // From the right a quote that is escaped shows only by what stands before it.
                let slashes = rest[..<index].reversed().prefix { $0 == UInt8(ascii: "\\") }.count
                if slashes.isMultiple(of: 2) { isQuoted.toggle() }
            case UInt8(ascii: ","), UInt8(ascii: ";"):
                guard !isQuoted else { continue }
                let end = rest[index]
                defer { rest = rest[..<index] }
                return (Substring(rest[rest.index(after: index)...]).trimmed.utf8, end)
            default: break
            }
        }
        guard !isQuoted else { return nil }
        defer { rest = rest[..<rest.startIndex] }
        return (Substring(rest).trimmed.utf8, nil)
    }

    /// A token, or what a quoted string means.
    private static func value(_ text: Substring.UTF8View) -> String? {
        guard text.first == UInt8(ascii: "\"") else {
            return text.isEmpty || text.contains(UInt8(ascii: "\"")) ? nil : String(Substring(text))
        }
        guard text.count >= 2, text.last == UInt8(ascii: "\"") else { return nil }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in text.dropFirst().dropLast() {
            if !isEscaped, byte == UInt8(ascii: "\\") {
                isEscaped = true
                continue
            }
            guard isEscaped || byte != UInt8(ascii: "\"") else { return nil }
            isEscaped = false
            bytes.append(byte)
        }
        return isEscaped ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
