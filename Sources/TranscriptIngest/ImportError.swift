/// Why an import as a whole could not be done; a file or a line that cannot be read does not end it.
package struct ImportError: Error, Sendable, CustomStringConvertible {
    package var operation: String
    package var cause: String

    package var description: String { "cannot \(operation): \(cause)" }
}
