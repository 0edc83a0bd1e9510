extension TranscriptLocation {
    /// Where a transcript of Claude Code lies. Knows the three places of sub-agents: inside of the main file, beside it
    /// (`agent-ID.jsonl`, 2.0), and under it (`SESSION/subagents/agent-ID.jsonl`, since 2.1.2).
    ///
    /// `nil` for a path that is no transcript: other files lie under the same root.
    ///
    /// - Parameter root: the directory that holds the project directories, or one project directory.
    package init?(path: String, under root: String) {
        let rootParts = Self.components(root)
        let parts = Self.components(path)
        guard let name = parts.last, name.hasSuffix(".jsonl"), name != ".jsonl", name != "history.jsonl" else { return nil }
        let isUnderRoot = parts.count > rootParts.count && parts.prefix(rootParts.count).elementsEqual(rootParts)
        let folders = isUnderRoot ? Array(parts[rootParts.count..<(parts.count - 1)]) : Array(parts.dropLast().suffix(1))
        self.init(path: path, baseName: String(name.dropLast(6)))
        if baseName.hasPrefix("agent-"), baseName.count > 6 { agentID = String(baseName.dropFirst(6)) }
        if let subagents = folders.lastIndex(of: "subagents"), subagents > 0 {
            guard agentID != nil else { return nil }
            session = folders[subagents - 1]
            projectDirectory = subagents > 1 ? folders[subagents - 2] : rootParts.last
            let up = folders.count - subagents
            sessionDirectory = Self.directory(of: path, up: up + 1)
        } else {
            // memory/, workflows/ and tool-results/ hold no transcripts.
            guard folders.count <= 1 else { return nil }
            projectDirectory = folders.first ?? rootParts.last
            if agentID == nil, Self.isUUID(baseName) { session = baseName }
            if let session { sessionDirectory = String(path.dropLast(name.count)) + session }
        }
        if agentID != nil { metadataPath = String(path.dropLast(6)) + ".meta.json" }
    }
}
