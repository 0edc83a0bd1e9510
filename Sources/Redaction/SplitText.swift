import JSON

/// The texts of one list, one behind the other: a secret may begin in one and end in the next, when text was cut into blocks.
///
/// Pieces are the strings of an array and, of objects in it, the members that hold text. Their joints are looked at within
/// one list, not across records.
struct SplitText {
    /// Longer secrets are not found across a joint. A private key of 4096 bits has 3,300 bytes.
    private static let reach = 16_384
    private static let members: Set<String> = ["text", "content", "thinking", "data", "output", "stdout", "stderr", "result"]

    private var pieces: [String] = []

    static func holdsText(_ key: String) -> Bool { (4...8).contains(key.utf8.count) && members.contains(key) }

    /// `nil` where there is no joint.
    init?(_ elements: [JSONValue]) {
        for element in elements { collect(element, depth: 0) }
        guard pieces.count > 1 else { return nil }
    }

    private mutating func collect(_ value: JSONValue, depth: Int) {
        guard depth < 16 else { return }
        switch value {
        case .string(let text): pieces.append(text)
        case .array(let elements): for element in elements { collect(element, depth: depth + 1) }
        case .object(let object):
            for member in object.members where Self.holdsText(member.key) {
                switch member.value {
                case .string, .array: collect(member.value, depth: depth + 1)
                default: break
                }
            }
        default: break
        }
    }

    /// The elements with a placeholder for each secret that crosses a joint; `nil` where none does.
    func redacted(_ elements: [JSONValue], by vocabulary: RedactionVocabulary, _ counts: inout RedactionCounts) -> [JSONValue]? {
        var joined: [UInt8] = []
        joined.reserveCapacity(pieces.reduce(0) { $0 + $1.utf8.count })
        var joints: [Int] = []
        for piece in pieces {
            joined.append(contentsOf: piece.utf8)
            joints.append(joined.count)
        }
        joints.removeLast()
        let crossing = joined.withUnsafeBytes { Self.crossing(UnsafeRawBufferPointer($0), joints, vocabulary, &counts) }
        guard !crossing.isEmpty else { return nil }
        var rebuilt = Self.cut(joined, joints, crossing)[...]
        return elements.map { Self.replace($0, depth: 0, &rebuilt) }
    }

    private typealias Crossing = (range: Range<Int>, placeholder: [UInt8])

    private static func crossing(
        _ bytes: UnsafeRawBufferPointer, _ joints: [Int], _ vocabulary: RedactionVocabulary, _ counts: inout RedactionCounts
    ) -> [Crossing] {
        var result: [Crossing] = []
        var place = 0
        while place < joints.count {
            // Neighbouring joints share a window.
            let start = max(result.last?.range.upperBound ?? 0, joints[place] - reach)
            var end = min(bytes.count, joints[place] + reach)
            var last = place
            while last + 1 < joints.count, joints[last + 1] - reach < end {
                last += 1
                end = min(bytes.count, joints[last] + reach)
            }
            let pass = RedactionPass(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<end]), vocabulary: vocabulary)
            for match in pass.matches() where !match.found.isWeak {
                let range = match.found.range.lowerBound + start..<match.found.range.upperBound + start
                guard let joint = joints[place...last].first(where: { $0 > range.lowerBound }), joint < range.upperBound else { continue }
                guard !isWhole(range, before: joint, in: bytes, vocabulary) else { continue }
                counts.add(match.found.shape)
                result.append((range, pass.placeholder(match)))
            }
            place = last + 1
        }
        return result
    }

    /// Whether the secret ends at the joint and what follows is a word of the next text.
    private static func isWhole(_ range: Range<Int>, before joint: Int, in bytes: UnsafeRawBufferPointer, _ vocabulary: RedactionVocabulary) -> Bool {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[joint..<range.upperBound])
        guard rest.count < 4 || !Likeness.isRandom(rest) else { return false }
        let start = max(0, range.lowerBound - 256)
        let pass = RedactionPass(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<joint]), vocabulary: vocabulary)
        return pass.matches().contains { $0.found.range.upperBound == joint - start }
    }

    /// The pieces without what crosses their joints; a placeholder stands where a secret began.
    private static func cut(_ joined: [UInt8], _ joints: [Int], _ crossing: [Crossing]) -> [String] {
        var result: [String] = []
        var start = 0
        for end in joints + [joined.count] {
            var piece: [UInt8] = []
            var index = start
            for (range, placeholder) in crossing where range.upperBound > start && range.lowerBound < end {
                if range.lowerBound >= start {
                    piece.append(contentsOf: joined[index..<range.lowerBound])
                    piece.append(contentsOf: placeholder)
                }
                index = min(end, range.upperBound)
            }
            piece.append(contentsOf: joined[index..<end])
            result.append(String(decoding: piece, as: UTF8.self))
            start = end
        }
        return result
    }

    /// The walk of ``collect(_:depth:)`` once more.
    private static func replace(_ value: JSONValue, depth: Int, _ pieces: inout ArraySlice<String>) -> JSONValue {
        guard depth < 16 else { return value }
        switch value {
        case .string: return .string(pieces.popFirst() ?? "")
        case .array(let elements): return .array(elements.map { replace($0, depth: depth + 1, &pieces) })
        case .object(let object):
            return .object(
                JSONObject(
                    object.members.map { member in
                        guard holdsText(member.key) else { return member }
                        switch member.value {
                        case .string, .array:
                            return JSONObject.Member(key: member.key, value: replace(member.value, depth: depth + 1, &pieces))
                        default: return member
                        }
                    }))
        default: return value
        }
    }
}
