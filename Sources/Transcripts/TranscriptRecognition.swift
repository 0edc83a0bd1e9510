import JSON

/// Says whose transcript a file is: by its path, and where that says nothing (a copied directory, a single file), by its first records.
package enum TranscriptRecognition: Sendable {
    case transcript(any TranscriptFormat, TranscriptLocation)
    /// It looks like a transcript, and is of no agent that is known.
    case refused(UnknownFormat)
    /// A file of another kind, which lies beside transcripts.
    case none

    /// How much of a file is looked at.
    private static let headLength = 256 << 10
    private static let headRecords = 64
    /// A session that is one document has to be read whole.
    private static let documentLength = 64 << 20

    /// - Parameter root: the directory below which the file was found, or the file itself: then it is meant to be a transcript.
    package init(_ path: String, under root: String) {
        var uncertain: (any TranscriptFormat, TranscriptLocation)?
        for format in TranscriptReaders.formats {
            guard let location = format.location(path, under: root) else { continue }
            if format.isCertain(location, under: root) {
                self = .transcript(format, location)
                return
            }
            uncertain = (format, location)
        }
        let isAsked = path == root
        guard uncertain != nil || isAsked || path.hasSuffix(".jsonl"), !path.hasSuffix("/history.jsonl"), !path.hasSuffix("/session_index.jsonl")
        else {
            self = .none
            return
        }
        let head = Head(path)
        for record in head.records {
            guard let format = TranscriptReaders.formats.first(where: { $0.recognises(record) }) else { continue }
            self = .transcript(format, format.location(path, under: root) ?? format.location(ofCopy: path))
            return
        }
        if head.records.isEmpty, !head.isDatabase, let (format, location) = uncertain {
            // Nothing to judge by: each line is refused or waited for where it stands.
            self = .transcript(format, location)
        } else {
            self = .refused(UnknownFormat(path: path, keys: head.records.first?.object?.keys, isDatabase: head.isDatabase))
        }
    }

    /// The first records of a file, as far as they can be read.
    private struct Head {
        var records: [JSONValue] = []
        var isDatabase = false

        init(_ path: String) {
            guard let file = try? DocumentFile.read(path, limit: documentLength, atMost: headLength) else { return }
            isDatabase = file.bytes.starts(with: Array("SQLite format 3\0".utf8))
            guard !isDatabase else { return }
            let lines = TranscriptLineReader()
            for line in file.bytes.split(separator: 0x0A, maxSplits: headRecords).prefix(headRecords) {
                if let record = try? lines.read(line) { records.append(record) }
            }
            guard records.isEmpty, !path.hasSuffix(".jsonl") else { return }
            guard let whole = try? DocumentFile.read(path, limit: documentLength), let record = try? lines.read(whole.bytes) else { return }
            records = [record]
        }
    }
}

/// A file that is no transcript of an agent that is known.
package struct UnknownFormat: Error, Sendable, Hashable, CustomStringConvertible {
    package var path: String
    /// The keys of its first record; `nil` where it has none.
    package var keys: [String]?
    package var isDatabase: Bool

    private static let shownKeys = 12

    package var description: String {
        let names = TranscriptReaders.formats.reversed().map(\.name)
        let known = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
        if isDatabase {
            return "cannot import \(path): it is an SQLite database and not a transcript of \(known); OpenCode since 1.2 keeps its sessions in one, "
                + "so write a session to a file by `opencode export SESSION > FILE` and import that"
        }
        guard let keys else { return "cannot import \(path): no record of \(known) can be read in it" }
        // Keys are names, of which a hostile file may have long and many.
        let shown = keys.prefix(Self.shownKeys).map { "\"\($0.prefix(40))\"" }.joined(separator: ", ")
        let more = keys.count > Self.shownKeys ? " and \(keys.count - Self.shownKeys) more" : ""
        return "cannot import \(path): no record in it is of \(known) (the first one has the keys \(shown)\(more))"
    }
}
