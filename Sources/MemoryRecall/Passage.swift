package import JSON
package import MemoryModel

/// A message as an answer shows it: whole, or one part of a text that no budget can hold.
package struct Passage: Sendable, Hashable {
    package var message: Message
    package var text: String
    /// The UTF-8 bytes of the whole text that `text` is; `nil` where it is all of it.
    package var part: Range<Int>?
    package var wholeLength: Int

    package init(whole message: Message) {
        self.message = message
        text = message.text
        wholeLength = text.utf8.count
    }

    /// A part that starts at `offset` and holds at most `length` bytes.
    package init(_ message: Message, from offset: Int, length: Int) {
        let whole = message.text
        self.message = message
        wholeLength = whole.utf8.count
        let start = whole.scalarOffset(min(offset, wholeLength))
        text = String(whole.part(start..<start + min(length, wholeLength - start)))
        part = text.utf8.count == wholeLength ? nil : start..<start + text.utf8.count
    }
}

extension Passage {
    /// The passage as people and models read it: one line that says what it is and where it stands, then the text.
    package var plainText: String {
        var head = "[\(message.id)] \(message.time) \(message.participant.label) \(message.kind.rawValue)"
        if let project = message.project { head += " in \(project)" }
        if let branch = message.branch, !branch.isEmpty { head += " (\(branch))" }
        head += " · window \(message.window.number) #\(message.position) · conversation \(message.conversation)"
        if let origin = message.origin { head += " · from \(origin.label)" }
        if let part { head += " · bytes \(part.lowerBound) to \(part.upperBound) of \(wholeLength)" }
        return "\(head)\n\(text)"
    }

    package var value: JSONValue {
        var object: JSONObject = [
            "id": .string(message.id),
            "conversation": .string(message.conversation),
            "window": .integer(message.window.number),
            "position": .integer(Int64(message.position)),
            "participant": .string(message.participant.label),
            "kind": .string(message.kind.rawValue),
            "time": .string(message.time.description),
        ]
        if let project = message.project { object["project"] = .string(project) }
        if let branch = message.branch, !branch.isEmpty { object["branch"] = .string(branch) }
        if let origin = message.origin { object["from"] = .string(origin.label) }
        if let part {
            object["part"] = [
                "from": .integer(Int64(part.lowerBound)), "to": .integer(Int64(part.upperBound)), "of": .integer(Int64(wholeLength)),
            ]
        }
        object["text"] = .string(text)
        return .object(object)
    }

    /// What the passage costs in the dearer of its two forms.
    var cost: Int {
        max(TokenEstimate.tokens(in: JSONWriter.bytes(of: value)), TokenEstimate.tokens(in: plainText)) + 2
    }
}

extension Origin {
    /// `ana@laptop (claude-code)`.
    package var label: String { "\(user)@\(machine) (\(agent))" }
}

extension Participant {
    /// `human`, `agent claude-opus-4-6`, `tool Bash`.
    package var label: String { name.map { "\(role.rawValue) \($0)" } ?? role.rawValue }
}
