/// One event of a stream, as its end was read.
struct StreamEvent: Sendable, Hashable {
    var type: String
    var data: String
}

/// Reads an event stream from parts cut anywhere (HTML Living Standard, section 9.2.6, which takes CR, LF and CRLF).
struct EventStreamReader: Sendable {
    /// The newest field `retry`, in milliseconds.
    private(set) var retry: Int?
    /// Whether a line or an event was over the limit; nothing is read after it.
    private(set) var isOverrun = false

    private let limit: Int
    private var line: [UInt8] = []
    private var endedByCR = false
    private var isFirstLine = true
    private var type = ""
    private var data: [UInt8]?

    /// - Parameter limit: of bytes of one event.
    init(limit: Int = 65536) {
        self.limit = limit
    }

    mutating func read(_ bytes: some Sequence<UInt8>) -> [StreamEvent] {
        var events: [StreamEvent] = []
        for byte in bytes where !isOverrun {
            let followsCR = endedByCR
            endedByCR = byte == UInt8(ascii: "\r")
            if byte == UInt8(ascii: "\n") && followsCR { continue }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if let event = endLine() { events.append(event) }
            } else {
                line.append(byte)
                isOverrun = line.count + (data?.count ?? 0) > limit
            }
        }
        return events
    }

    private mutating func endLine() -> StreamEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else {
            defer { (type, data) = ("", nil) }
            return data.map { StreamEvent(type: type.isEmpty ? "message" : type, data: String(decoding: $0, as: UTF8.self)) }
        }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "event": type = String(decoding: value, as: UTF8.self)
        case "data":
            if data == nil { data = Array(value) } else { data?.append(UInt8(ascii: "\n")); data?.append(contentsOf: value) }
        case "retry":
            let digits = String(decoding: value, as: UTF8.self)
            if !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits) { retry = number }
        default: break
        }
        return nil
    }
}
