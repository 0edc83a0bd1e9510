#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why an import as a whole could not be done; a file or a line that cannot be read does not end it.
package struct ImportError: Error, Sendable, CustomStringConvertible {
    package var operation: String
    package var cause: String

    package var description: String { "cannot \(operation): \(cause)" }

    static func text(of code: Int32) -> String {
        String(cString: strerror(code))
    }
}
