import MemoryModel

/// Fills an answer with whole messages until the next one would not fit.
struct TokenBudget {
    /// What the mark, the cursor and the frame of an answer cost.
    static let frame = 160

    /// Of a text that is cut, less than this tells nothing.
    private static let leastText = 30

    private(set) var remaining: Int
    private(set) var passages: [Passage] = []

    init(tokens: Int) {
        remaining = tokens - Self.frame
    }

    /// Takes the message if it fits whole.
    mutating func take(_ message: Message) -> Bool {
        let passage = Passage(whole: message)
        let cost = passage.cost
        guard cost <= remaining else { return false }
        passages.append(passage)
        remaining -= cost
        return true
    }

    /// Takes the message, cut where it would cost more than `longest` or than what is left.
    ///
    /// - Returns: whether any of it could be taken; what is too little to say anything is not.
    mutating func takeStart(of message: Message, atMost longest: Int) -> Bool {
        if Passage(whole: message).cost <= min(longest, remaining) { return take(message) }
        let frame = Passage(message, from: 0, length: 1).cost
        let allowance = min(longest, remaining)
        guard allowance >= frame + Self.leastText else { return false }
        _ = takePart(of: message, from: 0, share: Double(allowance) / Double(remaining))
        return true
    }

    /// Takes as much of the message from `offset` on as fits into `share` of what is left, for a message that no answer
    /// can hold whole.
    ///
    /// - Returns: the offset behind what was taken, `nil` once the message is complete.
    mutating func takePart(of message: Message, from offset: Int, share: Double = 1) -> Int? {
        let allowance = Int(Double(remaining) * share)
        var length = max(1, allowance * 4)
        var passage = Passage(message, from: offset, length: length)
        // The estimate grows about in step with the length, so a few steps find a length that fits.
        while passage.cost > allowance, length > 64 {
            length = min(length * 3 / 4, max(64, length * allowance / max(1, passage.cost)))
            passage = Passage(message, from: offset, length: length)
        }
        remaining -= passage.cost
        passages.append(passage)
        let end = passage.part?.upperBound ?? passage.wholeLength
        // Text that made no progress would be asked for again without end.
        return end < passage.wholeLength && end > offset ? end : nil
    }
}
