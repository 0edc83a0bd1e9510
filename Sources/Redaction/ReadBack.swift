package import JSON

// A store returns what it was given, and it was given redacted values alone. Only code that reads them back from a
// store's own columns may call these; whatever comes from anywhere else goes through a Redactor.
extension RedactedText {
    package init(readBackFromStore text: String) {
        self.init(passed: text)
    }
}

extension RedactedJSON {
    package init(readBackFromStore value: JSONValue) {
        self.init(passed: value)
    }
}
