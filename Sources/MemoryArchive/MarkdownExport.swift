import MemoryModel
package import MemoryStore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes conversations for people to read: one Markdown file each, in a directory.
package struct MarkdownExport: Sendable {
    private static let pageSize = 200
    /// The newest so many conversations; more than a lifetime of them.
    private static let maximumConversations = 10_000

    private let store: any RecallStore
    private let selection: MessageFilter?

    package init(of store: any RecallStore, selection: MessageFilter?) {
        self.store = store
        self.selection = selection
    }

    /// - Parameters:
    ///   - directory: is made, for its owner alone, where it is missing.
    ///   - progress: gets how many files were written.
    /// - Returns: how many files were written.
    package func run(to directory: String, replaces: Bool, progress: (Int) -> Void) async throws -> Int {
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw ArchiveError(errno: errno, operation: "make the directory \(directory)")
        }
        var count = 0
        for summary in try await store.conversations(limit: Self.maximumConversations, matching: nil) {
            try Task.checkCancellation()
            guard let first = try await firstMessage(of: summary.id) else { continue }
            let file = try DraftFile(
                for: "\(directory)/\(FileName.of(conversation: summary.id, title: summary.title, begin: first.time))", replaces: replaces)
            do {
                try await write(summary, to: file)
                try file.commit()
            } catch {
                file.discard()
                throw error
            }
            count += 1
            progress(count)
        }
        return count
    }

    /// The oldest message that fits; `nil` for a conversation that is not meant.
    private func firstMessage(of conversation: String) async throws -> Message? {
        var filter = selection ?? MessageFilter()
        guard filter.conversation == nil || filter.conversation == conversation else { return nil }
        filter.conversation = conversation
        return try await store.messages(MessageQuery(filter: filter, order: .oldestFirst, limit: 1, textLimit: 0)).first
    }

    private func write(_ summary: ConversationSummary, to file: DraftFile) async throws {
        let windows = try await store.windows(of: summary.id, limit: Self.maximumConversations)
            .sorted { ($0.firstTime ?? .distantPast, $0.id.number) < ($1.firstTime ?? .distantPast, $1.id.number) }
        try file.write(Array(MarkdownText.head(summary).utf8))
        for window in windows {
            try file.write(Array(MarkdownText.heading(window).utf8))
            var position = 0
            while true {
                let page = try await store.messages(in: window.id, after: position, limit: Self.pageSize, textLimit: nil)
                for message in page { try file.write(Array(MarkdownText.of(message).utf8)) }
                guard let last = page.last, page.count == Self.pageSize else { break }
                position = last.position
            }
        }
    }
}

/// Names of files that hold on every file system: letters, digits, hyphens, and no name of a device or of a directory.
enum FileName {
    static func of(conversation id: String, title: String?, begin: Timestamp) -> String {
        let title = title.map { safe($0, length: 60) }.flatMap { $0.isEmpty ? nil : "-\($0)" } ?? ""
        // The id tells conversations of one day and title apart; what is not safe in it is told apart by a digest.
        let name = safe(id, length: 64)
        let tail = name == id ? name : "\(name)-\(String(digest(id), radix: 16))"
        return "\(begin.description.prefix(10))\(title)-\(tail).md"
    }

    private static func safe(_ text: String, length: Int) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            guard result.utf8.count < length else { break }
            if scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil) {
                result.unicodeScalars.append(scalar)
            } else if !result.isEmpty && !result.hasSuffix("-") {
                result += "-"
            }
        }
        return result.hasSuffix("-") ? String(result.dropLast()) : result
    }

    /// FNV-1a: the same on every run, and nothing depends on it being hard to invert.
    private static func digest(_ text: String) -> UInt32 {
        text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
