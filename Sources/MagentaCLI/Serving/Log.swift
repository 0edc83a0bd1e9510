import Logging
import Redaction

/// The process's logger.
enum Log {
    static func logger(_ settings: Settings, redactor: Redactor) throws -> Logger {
        let level = try level(settings.logLevel)
        return Logger(label: "magenta") { _ in RedactingLogHandler(logLevel: level, format: settings.logFormat, redactor: redactor) }
    }

    static func level(_ text: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: text.lowercased()) else {
            throw UsageError("there is no log level \"\(text.prefix(40))\"; there are trace, debug, info, notice, warning, error and critical")
        }
        return level
    }
}

/// How a message of the log is written.
enum LogFormat: String, CaseIterable {
    case text
    case json

    init(setting text: String) throws {
        guard let format = LogFormat(rawValue: text.lowercased()) else {
            throw UsageError("there is no log format \"\(text.prefix(40))\"; there are text and json")
        }
        self = format
    }
}
