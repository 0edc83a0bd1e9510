import Logging
import Redaction

/// The process's logger.
enum Log {
    static func logger(level: Logger.Level, redactor: Redactor) -> Logger {
        Logger(label: "magenta") { _ in RedactingLogHandler(logLevel: level, redactor: redactor) }
    }

    static func level(_ text: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: text.lowercased()) else {
            throw UsageError("there is no log level \"\(text.prefix(40))\"; there are trace, debug, info, notice, warning, error and critical")
        }
        return level
    }
}
