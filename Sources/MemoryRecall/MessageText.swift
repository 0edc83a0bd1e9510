package import MemoryModel

extension Message {
    /// The message as one text: its blocks in order, each that is no plain text behind a mark in brackets.
    package var text: String {
        blocks.map(\.rendered).filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}

extension Block {
    var rendered: String {
        switch kind {
        case .text: text
        case .thinking: text.isEmpty ? "" : "[thinking] \(text)"
        case .redactedThinking: "[thinking, encrypted]"
        case .toolUse: "[tool use: \(name ?? "unknown")] \(text)"
        case .toolResult: "[tool \(isError ? "error" : "result")] \(text)"
        case .image, .document: "[\(kind.rawValue)] \(text)"
        case .unknown: "[\(name ?? "unknown block")] \(text)"
        }
    }
}

extension String {
    /// The part of the text from one UTF-8 offset to another, each moved back to the start of the character it falls in.
    func part(_ range: Range<Int>) -> Substring {
        self[scalarStart(range.lowerBound)..<scalarStart(range.upperBound)]
    }

    /// The UTF-8 offset of the start of the character that `offset` falls in.
    func scalarOffset(_ offset: Int) -> Int {
        utf8.distance(from: startIndex, to: scalarStart(offset))
    }

    private func scalarStart(_ offset: Int) -> String.Index {
        guard offset < utf8.count else { return endIndex }
        var index = utf8.index(startIndex, offsetBy: max(0, offset))
        while index > startIndex, UTF8.isContinuation(utf8[index]) { index = utf8.index(before: index) }
        return index
    }
}
