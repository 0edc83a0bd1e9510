/// What a person asked for cannot be done as asked; the text says why and what to do. Exit code 64 (EX_USAGE).
struct UsageError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
