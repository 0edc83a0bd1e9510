import MemoryModel
import Redaction

/// What was taken of the last messages: agents write a message again as it grows, and only what is new may become a message.
///
/// Bounded: of messages long past, and of the oldest blocks of a message with very many, nothing is known, so those would be taken again.
struct MessageVersions: Sendable, Hashable {
    static let maximumMessages = 8
    static let maximumBlocks = 128

    private struct Taken: Sendable, Hashable {
        var id: RedactedText
        var versions: Int64
        var blocks: [Int64]
    }

    private var messages: [Taken] = []

    init() {}

    /// The blocks that no earlier version of the message had, and which version this is, counted from 1.
    mutating func newBlocks(_ blocks: [TranscriptBlock], of id: RedactedText) -> (blocks: [TranscriptBlock], version: Int64) {
        let index = messages.firstIndex { $0.id == id }
        var taken = index.map { messages.remove(at: $0) } ?? Taken(id: id, versions: 0, blocks: [])
        let known = Set(taken.blocks)
        let new = blocks.filter { !known.contains(Self.key($0)) }
        if taken.versions == 0 || !new.isEmpty { taken.versions += 1 }
        taken.blocks.append(contentsOf: new.map(Self.key))
        if taken.blocks.count > Self.maximumBlocks { taken.blocks.removeFirst(taken.blocks.count - Self.maximumBlocks) }
        messages.append(taken)
        if messages.count > Self.maximumMessages { messages.removeFirst() }
        return (new, taken.versions)
    }

    /// A call and its result are known by their id, anything else by its text.
    private static func key(_ block: TranscriptBlock) -> Int64 {
        switch (block.kind, block.toolUseID) {
        case (.toolUse, let id?): ("call:" + id).fingerprint
        case (.toolResult, let id?): ("result:" + id).fingerprint
        case (.thinking, _): ("thinking:" + block.text).fingerprint
        default: ("other:" + block.text).fingerprint
        }
    }
}

extension MessageVersions {
    var state: RedactedJSON {
        RedactedJSON(
            messages.map { message in
                RedactedJSON(members: [
                    ("id", RedactedJSON(message.id)), ("versions", RedactedJSON(message.versions)),
                    ("blocks", RedactedJSON(message.blocks.map { RedactedJSON($0) })),
                ])
            })
    }

    init?(state: RedactedJSON) {
        guard let elements = state.array else { return nil }
        for element in elements {
            guard let id = element["id"]?.string, let versions = element["versions"]?.integer, let blocks = element["blocks"]?.array else {
                return nil
            }
            messages.append(Taken(id: id, versions: versions, blocks: blocks.compactMap(\.integer)))
        }
    }
}
