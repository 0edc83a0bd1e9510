import Logging
import MemoryModel
import Redaction

/// Writes one line a message to stderr: time, level, message, then `key=value` by key. Every part passes the redactor first, so
/// that a log can be shown to somebody else.
struct RedactingLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    let redactor: Redactor

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let merged = event.metadata.map { metadata.merging($0) { _, new in new } } ?? metadata
        var text = "\(SystemClock.now) \(event.level.rawValue) \(event.message)"
        for (key, value) in merged.sorted(by: { $0.key < $1.key }) {
            let shown = "\(value)"
            text += shown.contains { $0 == " " || $0 == "\"" || $0.isNewline } ? " \(key)=\"\(shown.escapedForLog)\"" : " \(key)=\(shown)"
        }
        Terminal.complain(redactor.redact(text.escapedForLog).value)
    }
}

extension String {
    /// One line without control characters, so that nobody who is logged can forge a line of the log.
    fileprivate var escapedForLog: String {
        guard unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else { return self }
        return unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
    }
}
