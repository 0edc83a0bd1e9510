/// What a user writes after `--listen`.
package enum ListenSpecification: Sendable, Hashable {
    /// 127.0.0.1 and ::1, as literals: what the resolver makes of the name depends on the host (facts: first answer only, one family).
    case localhost(port: UInt16)
    /// 0.0.0.0 and [::].
    case all(port: UInt16)
    case literal(InternetAddress, port: UInt16)
    case unix(path: String)
    /// A socket that the parent process bound, by number; LISTEN_FDS gives these too.
    case descriptor(CInt)

    package static let defaultPort: UInt16 = 8000

    package static func parse(_ text: String) throws(ListenSpecificationError) -> ListenSpecification {
        func refused(_ reason: String) -> ListenSpecificationError { ListenSpecificationError(text: text, reason: reason) }

        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard !path.isEmpty else { throw refused("a path must follow unix:, as in unix:/run/server.sock") }
            guard !path.utf8.contains(0) else { throw refused("the path holds a NUL byte") }
            // sun_path is 108 bytes on Linux and 104 on macOS, with the terminating NUL.
            guard path.utf8.count <= 103 else {
                throw refused("the path is \(path.utf8.count) bytes long and a unix socket takes 103; choose a shorter one")
            }
            return .unix(path: path)
        }
        if text.hasPrefix("fd:") {
            guard let number = CInt(text.dropFirst(3)), number >= 3, number <= 1_048_576 else {
                throw refused("a descriptor number of 3 or more must follow fd:, as in fd:3")
            }
            return .descriptor(number)
        }
        if let address = InternetAddress(text) { return .literal(address, port: defaultPort) }
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { throw refused("the closing ] is missing, as in [::1]:8000") }
            let inside = text[text.index(after: text.startIndex)..<bracket]
            guard let address = InternetAddress(inside), case .ipv6 = address else {
                throw refused("an IPv6 address without a zone must stand in the brackets, as in [::1]:8000")
            }
            let rest = text[text.index(after: bracket)...]
            if rest.isEmpty { return .literal(address, port: defaultPort) }
            guard rest.first == ":", let port = port(rest.dropFirst()) else { throw refused(portReason) }
            return .literal(address, port: port)
        }
        let (host, port) = try split(text, refused: refused)
        switch host.lowercased() {
        case "localhost": return .localhost(port: port)
        case "all", "*": return .all(port: port)
        default: break
        }
        if let address = InternetAddress(host) { return .literal(address, port: port) }
        if host.contains(":") {
            throw refused("it is not an IPv6 address; with a port, put the address in brackets, as in [::1]:8000")
        }
        if !host.isEmpty, host.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            throw refused("a port alone does not say where; write localhost:\(host) or all:\(host)")
        }
        throw refused("names are not resolved; write localhost, all, an IP address, unix:PATH or fd:N")
    }

    private static let portReason = "the port must be a number from 0 to 65535"

    private static func split(
        _ text: String, refused: (String) -> ListenSpecificationError
    ) throws(ListenSpecificationError) -> (host: Substring, port: UInt16) {
        guard let colon = text.lastIndex(of: ":") else { return (text[...], defaultPort) }
        let host = text[..<colon]
        // Two colons or more: an IPv6 address that inet_pton did not take, told apart by the caller.
        guard !host.contains(":") else { return (text[...], defaultPort) }
        guard let port = port(text[text.index(after: colon)...]) else { throw refused(portReason) }
        return (host, port)
    }

    private static func port(_ text: Substring) -> UInt16? {
        guard !text.isEmpty, text.utf8.count <= 5, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt16(text)
    }
}

extension ListenSpecification: CustomStringConvertible {
    /// A form that ``parse(_:)`` reads back.
    package var description: String {
        switch self {
        case .localhost(let port): "localhost:\(port)"
        case .all(let port): "all:\(port)"
        case .literal(let address, let port): address.withPort(port)
        case .unix(let path): "unix:\(path)"
        case .descriptor(let number): "fd:\(number)"
        }
    }
}

/// Why a text after `--listen` is not understood, with the fix.
package struct ListenSpecificationError: Error, Sendable, Hashable, CustomStringConvertible {
    package var text: String
    package var reason: String

    package init(text: String, reason: String) {
        self.text = text
        self.reason = reason
    }

    package var description: String { "cannot listen on \"\(quoted(text))\": \(reason)" }
}

/// A text from outside, fit for one line of an error: bounded, without control characters or quotes.
func quoted(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(120) {
        result.unicodeScalars.append(scalar.value < 0x20 || scalar == "\"" || scalar.value == 0x7F ? "?" : scalar)
    }
    return text.unicodeScalars.count > 120 ? result + "..." : result
}
