import JSON

/// Cuts lists into pages. A cursor names the last element of the page before, so it stays good while elements come and go.
struct Pagination: Sendable {
    let pageSize: Int

    /// One page and the cursor of the next.
    ///
    /// - Throws: -32602 for a cursor that this list never gave out; the empty string is one.
    func page<Element>(
        of elements: [Element], params: JSONObject, name: (Element) -> String
    ) throws(JSONRPCError) -> (elements: ArraySlice<Element>, nextCursor: String?) {
        var start = 0
        if let cursor = params["cursor"] {
            guard let text = cursor.string, let last = Self.decode(text), let index = elements.firstIndex(where: { name($0) == last }) else {
                throw JSONRPCError(.invalidParams, "Invalid cursor: it is not one that this list gave out; start again without a cursor.")
            }
            start = index + 1
        }
        let page = elements[start...].prefix(pageSize)
        guard page.endIndex < elements.endIndex, let last = page.last else { return (page, nil) }
        return (page, Self.encode(name(last)))
    }

    /// A name may be so many bytes long; a URI is the longest.
    private static let maximumNameLength = 8192

    static func encode(_ name: String) -> String {
        name.utf8.reduce(into: "c") { text, byte in
            if byte < 16 { text += "0" }
            text += String(byte, radix: 16)
        }
    }

    static func decode(_ cursor: String) -> String? {
        let digits = Array(cursor.utf8.dropFirst())
        guard cursor.utf8.first == UInt8(ascii: "c"), digits.count.isMultiple(of: 2), digits.count <= 2 * Self.maximumNameLength else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else { return nil }
            bytes.append(byte)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
