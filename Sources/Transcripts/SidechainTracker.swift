import MemoryModel
import Redaction

/// Tells the sub-agents inside of a main file apart: by the agent's id where records name it, by parent link where not.
///
/// Remembers the last records of the last few sidechains, which is enough: old versions ran them to their end inside of one
/// tool call, a handful side by side.
struct SidechainTracker: Sendable, Hashable {
    static let maximumOpen = 8
    static let maximumRecords = 64

    private struct Sidechain: Sendable, Hashable {
        var opener: WindowOpener
        var records: [RedactedText]
    }

    /// The one that was active last stands last.
    private var open: [Sidechain] = []

    init() {}

    mutating func place(_ record: TranscriptRecord, id: RedactedText) -> (WindowOpener, opens: Bool) {
        if let index = index(of: record, id: id) {
            var sidechain = open.remove(at: index)
            if !sidechain.records.contains(id) { sidechain.records.append(id) }
            if sidechain.records.count > Self.maximumRecords { sidechain.records.removeFirst() }
            open.append(sidechain)
            return (sidechain.opener, false)
        }
        let opener = record.agentID.map { WindowOpener.agent($0) } ?? .sidechain(id)
        open.append(Sidechain(opener: opener, records: [id]))
        if open.count > Self.maximumOpen { open.removeFirst() }
        return (opener, true)
    }

    private func index(of record: TranscriptRecord, id: RedactedText) -> Int? {
        if let agent = record.agentID { return open.lastIndex { $0.opener == .agent(agent) } }
        if let known = open.lastIndex(where: { $0.records.contains(id) }) { return known }
        guard let parent = record.parent else { return nil }
        // A parent that is forgotten or was never written: most likely the record goes on where the last one ended.
        return open.lastIndex { $0.records.contains(parent) } ?? open.indices.last
    }
}

extension SidechainTracker {
    var state: RedactedJSON {
        RedactedJSON(
            open.map { sidechain in
                RedactedJSON(members: [
                    ("opener", RedactedJSON(sidechain.opener.text)), ("records", RedactedJSON(sidechain.records.map { RedactedJSON($0) })),
                ])
            })
    }

    init?(state: RedactedJSON) {
        guard let elements = state.array else { return nil }
        for element in elements {
            guard let opener = element["opener"]?.string.flatMap({ WindowOpener($0) }), let records = element["records"]?.array else {
                return nil
            }
            open.append(Sidechain(opener: opener, records: records.compactMap(\.string)))
        }
    }
}
