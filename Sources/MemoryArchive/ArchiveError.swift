import MemoryStore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why an archive could not be written or read: what was attempted, why it failed, what to do. None of its text is shown.
package struct ArchiveError: Error, Sendable, CustomStringConvertible {
    package var operation: String
    package var cause: String

    package init(operation: String, cause: String) {
        self.operation = operation
        self.cause = cause
    }

    init(errno code: Int32, operation: String) {
        self.init(operation: operation, cause: String(cString: strerror(code)))
    }

    package var description: String { "cannot \(operation): \(cause)" }
}

extension StoreError {
    /// A file that failed while the store was read.
    init(_ error: ArchiveError) {
        self.init(.failed, operation: error.operation, cause: error.cause)
    }
}
