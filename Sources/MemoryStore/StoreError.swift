/// Why the store could not do what it was asked. Two errors are equal when their codes are: the rest is for people.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        /// The file or the server cannot be opened or reached.
        case unavailable
        /// Another process holds the store longer than the time-out.
        case busy
        case full
        case readOnly
        case corrupt
        /// A newer magenta wrote it.
        case newerSchema
        /// The request itself cannot be served: an era name taken, an impossible limit.
        case invalid
        case failed
    }

    package var code: Code
    /// What was attempted, on what: `open the store /home/ana/.local/share/magenta/memory.sqlite`.
    package var operation: String
    /// Why it failed and, where a person can act, what to do. Never holds stored text.
    package var cause: String

    package init(_ code: Code, operation: String, cause: String) {
        self.code = code
        self.operation = operation
        self.cause = cause
    }

    package var description: String { "cannot \(operation): \(cause)" }
}

extension StoreError: Equatable {
    package static func == (left: StoreError, right: StoreError) -> Bool { left.code == right.code }
}
