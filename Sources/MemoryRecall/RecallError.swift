/// What a caller asked for that cannot be answered; the text is for the model or the person who asked.
package struct RecallError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case notFound
        case badArgument
    }

    package var code: Code
    package var description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
