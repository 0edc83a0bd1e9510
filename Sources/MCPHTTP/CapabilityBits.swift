import JSON

/// What a client declared in `initialize`, small enough for a session token. Settings that are no capability of the protocol
/// (`experimental`, unknown ones) are not carried.
struct CapabilityBits: OptionSet, Sendable, Hashable {
    let rawValue: UInt16

    private static let places: [(path: [String], bit: CapabilityBits)] = [
        (["roots"], CapabilityBits(rawValue: 1 << 0)),
        (["roots", "listChanged"], CapabilityBits(rawValue: 1 << 1)),
        (["sampling"], CapabilityBits(rawValue: 1 << 2)),
        (["sampling", "context"], CapabilityBits(rawValue: 1 << 3)),
        (["sampling", "tools"], CapabilityBits(rawValue: 1 << 4)),
        (["elicitation"], CapabilityBits(rawValue: 1 << 5)),
        (["elicitation", "form"], CapabilityBits(rawValue: 1 << 6)),
        (["elicitation", "url"], CapabilityBits(rawValue: 1 << 7)),
        (["tasks"], CapabilityBits(rawValue: 1 << 8)),
    ]

    init(rawValue: UInt16) { self.rawValue = rawValue }

    init(_ capabilities: JSONObject) {
        var bits: CapabilityBits = []
        for (path, bit) in Self.places {
            let value = path.dropFirst().reduce(capabilities[path[0]]) { $0?[$1] }
            if let value, value != .bool(false), !value.isNull { bits.insert(bit) }
        }
        self = bits
    }

    var capabilities: JSONObject {
        var object = JSONObject()
        for (path, bit) in Self.places where contains(bit) {
            if path.count == 1 {
                object[path[0]] = [:]
            } else {
                var inner = object[path[0]]?.object ?? JSONObject()
                inner[path[1]] = path[1] == "listChanged" ? true : [:]
                object[path[0]] = .object(inner)
            }
        }
        return object
    }
}
