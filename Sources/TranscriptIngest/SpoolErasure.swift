import JSON
package import MemoryStore
import Redaction

/// Removes a text from lines that wait in a spool. A line that holds it keeps its place and is sent as refused, with the reason
/// `forgotten`; what stands in no line (the file beside a transcript, the repositories of directories) goes from the batch.
package struct SpoolErasure: Sendable {
    private let spool: any SpoolStore
    /// The text as it is, and as JSON in JSON escapes it, whoever wrote that.
    private let forms: [String]

    package init(_ spool: any SpoolStore, text: String) {
        self.spool = spool
        forms = ErasureForms.all(of: text)
    }

    /// Ends when no byte of the text is left in the file, as far as the lines hold it.
    ///
    /// - Returns: how many lines were emptied.
    package func run() async throws(StoreError) -> Int {
        try await spool.rewrite(change)
    }

    private func change(_ content: [UInt8]) throws -> SpoolRewrite? {
        guard case .object(var batch) = try JSONReader(maximumDepth: Redactor.maximumDepth, refusesDuplicateKeys: false).read(content) else {
            return nil
        }
        var isChanged = false
        var count = 0
        for name in ["side", "repositories"] {
            guard let value = batch[name], holds(value) else { continue }
            batch[name] = nil
            isChanged = true
        }
        let lines = (batch["lines"]?.array ?? []).map { line -> JSONValue in
            guard case .object(var members) = line, holds(line) else { return line }
            // Keyed, so that nobody can try texts against it.
            let bytes = JSONWriter.bytes(of: line)
            members["hash"] = .string(SourceFile.hash(spool.key + bytes))
            members["refused"] = "forgotten"
            members["record"] = nil
            members["outputs"] = nil
            isChanged = true
            count += 1
            return .object(members)
        }
        guard isChanged else { return nil }
        batch["lines"] = .array(lines)
        return SpoolRewrite(content: JSONWriter.bytes(of: .object(batch)), lines: count)
    }

    private func holds(_ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): holds(text)
        case .array(let elements): elements.contains(where: holds)
        case .object(let object): object.members.contains { holds($0.key) || holds($0.value) }
        default: false
        }
    }

    private func holds(_ text: String) -> Bool { forms.contains { text.utf8.contains($0.utf8) } }
}
