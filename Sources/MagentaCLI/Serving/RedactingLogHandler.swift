import JSON
import Logging
import MemoryModel
import Redaction

/// Writes one line a message to stderr: as text, the time, level, message, then `key=value` by key; as JSON, one object with the members
/// time, level, message and the same keys. Every part passes the redactor first, so that a log can be shown to somebody else.
struct RedactingLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    let format: LogFormat
    let redactor: Redactor

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let merged = event.metadata.map { metadata.merging($0) { _, new in new } } ?? metadata
        switch format {
        case .text: Terminal.complain(text(event, merged))
        case .json: Terminal.complain(object(event, merged))
        }
    }

    private func text(_ event: LogEvent, _ merged: Logger.Metadata) -> String {
        var text = "\(SystemClock.now) \(event.level.rawValue) \(event.message)"
        for (key, value) in merged.sorted(by: { $0.key < $1.key }) {
            let shown = "\(value)"
            text += shown.contains { $0 == " " || $0 == "\"" || $0.isNewline } ? " \(key)=\"\(shown.escapedForLog)\"" : " \(key)=\(shown)"
        }
        return redactor.redact(text.escapedForLog).value
    }

    private func object(_ event: LogEvent, _ merged: Logger.Metadata) -> String {
        let time = JSONValue.string("\(SystemClock.now)")
        var object: JSONObject = ["time": time, "level": .string(event.level.rawValue), "message": .string("\(event.message)")]
        for (key, value) in merged.sorted(by: { $0.key < $1.key }) {
            object[object[key] == nil ? key : key + "_"] = Self.json(value)
        }
        if let passed = try? redactor.redact(.object(object)) { return passed.text.value }
        // Too deep to be looked through: what was not redacted is not written.
        let rest: JSONValue = ["time": time, "level": .string(event.level.rawValue), "message": "a message that could not be redacted"]
        return rest.description
    }

    private static func json(_ value: Logger.MetadataValue) -> JSONValue {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let other): .string("\(other)")
        case .array(let elements): .array(elements.map(json))
        case .dictionary(let members):
            .object(JSONObject(members.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0.key, value: json($0.value)) }))
        }
    }
}

extension String {
    /// One line without control characters, so that nobody who is logged can forge a line of the log.
    fileprivate var escapedForLog: String {
        guard unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else { return self }
        return unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
    }
}
