import MemoryModel
import Redaction

// What readers of all agents take out of records.
extension RedactedJSON {
    /// Ids are opaque: mostly uuids, and anything in the files of other writers. What is too long for one is none.
    var identifier: RedactedText? {
        guard let text = string, !text.isEmpty, text.length <= 256 else { return nil }
        return text
    }

    var nonEmpty: RedactedText? {
        guard let text = string, !text.isEmpty else { return nil }
        return text.prefix(bytes: 4096)
    }

    /// A count of tokens, which is never negative.
    func count(_ key: String) -> Int64 { max(0, self[key]?.integer ?? 0) }

    /// A time as text in ISO 8601, or as a number of milliseconds since 1970. What no clock says, and no archive takes, is none.
    var time: Timestamp? {
        if let text = string { return Timestamp(text.value) }
        guard let number = integer ?? double.flatMap({ Int64(exactly: $0.rounded()) }),
            (-Timestamp.largestMilliseconds...Timestamp.largestMilliseconds).contains(number)
        else { return nil }
        return Timestamp(milliseconds: number)
    }
}

// Blocks that agents write alike.
extension TranscriptBlock {
    /// How much of a block of an unknown type is kept as text; the raw record holds the rest.
    static let maximumUnknownLength = 16_384

    static func text(_ text: RedactedText) -> TranscriptBlock { TranscriptBlock(kind: .text, text: text) }

    static func unknown(_ value: RedactedJSON, type: RedactedText?) -> TranscriptBlock {
        TranscriptBlock(kind: .unknown, text: value.text.prefix(bytes: maximumUnknownLength), name: (type ?? "untyped").prefix(bytes: 128))
    }

    /// `[image image/png, 12345 bytes]`, `[document text/plain, notes.txt]`
    ///
    /// - Parameter url: a `data:` URL (RFC 2397), whose bytes are counted and not kept, or where the file lies.
    static func media(_ mime: RedactedText?, url: RedactedText?, name: RedactedText? = nil) -> TranscriptBlock {
        var type = mime
        var details = name.map { [$0.prefix(bytes: 256)] } ?? []
        if let data = url?.suffix(behind: "data:") {
            // data:image/png;base64,AAAA
            let head = data.prefix(bytes: 128)
            let headLength = head.value.utf8.firstIndex(of: UInt8(ascii: ",")).map { head.value.utf8.distance(from: head.value.startIndex, to: $0) }
            let typeLength = head.value.utf8.firstIndex { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ",") }
                .map { head.value.utf8.distance(from: head.value.startIndex, to: $0) }
            type = type ?? typeLength.flatMap { $0 > 0 ? head.prefix(bytes: $0) : nil }
            details.append(RedactedText(number: max(0, data.length - (headLength ?? 0) - 1) / 4 * 3) + " bytes")
        } else if let url, name == nil {
            details.append(url.prefix(bytes: 1024))
        }
        let isImage = type?.hasPrefix("image/") ?? true
        let text = ([(type ?? "of unknown type").prefix(bytes: 128)] + details).joined(separator: ", ")
        return TranscriptBlock(kind: isImage ? .image : .document, text: (isImage ? "[image " : "[document ") + text + "]")
    }
}

extension [TranscriptBlock] {
    /// What a message of an agent is, by its blocks.
    var agentKind: MessageKind {
        if contains(where: { $0.kind == .toolUse }) { return .toolCall }
        if !isEmpty, allSatisfy({ $0.kind == .toolResult }) { return .toolResult }
        return !isEmpty && allSatisfy { $0.kind == .thinking || $0.kind == .redactedThinking } ? .thinking : .reply
    }
}
