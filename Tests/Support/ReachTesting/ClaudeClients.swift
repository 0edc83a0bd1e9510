import BinaryTesting
import JSON

extension NetworkHost {
    /// Claude Code, run on this host.
    package func claudeCode() throws -> ClaudeCode {
        try ClaudeCode(in: scratch) { try start($0, environment: $1) }
    }
}

private func entries(_ visits: [Visit]) -> [ClaudeCode.Entry] {
    visits.enumerated().map { ClaudeCode.Entry("magenta-\($0.offset)", $0.element.transport.rawValue, $0.element.url) }
}

/// `claude mcp list`, which connects, shakes hands and asks for the tools.
package struct ClaudeList: ReachClient {
    package static let name = "Claude Code mcp list"
    package static let missing = ClaudeCode.missing

    package init() {}

    package func failures(of visits: [Visit], from host: NetworkHost, environment: [String: String]) async throws -> [String?] {
        let entries = entries(visits)
        let states = try await host.claudeCode().states(of: entries, environment: environment)
        return entries.map { states[$0.name] == ClaudeCode.connected ? nil : states[$0.name] ?? "not listed" }
    }
}

/// `claude -p`, whose model, played by a script, calls a tool of each server.
package struct ClaudePrint: ReachClient {
    package static let name = "Claude Code -p"
    package static let missing = ClaudeCode.missing

    package init() {}

    package func failures(of visits: [Visit], from host: NetworkHost, environment: [String: String]) async throws -> [String?] {
        let entries = entries(visits)
        let steps = entries.map { ClaudeCode.Step.call($0.tool("search_messages"), ["query": "zebra"]) }
        let session = try host.claudeCode().session(entries, steps + [.say("Done.")], environment: environment)
        let results = try await session.finish()
        return entries.indices.map { index in
            guard let result = results.first(where: { $0.step == index }) else { return "no result" }
            return !result.isError && result.text.contains(#""messages":[]"#) ? nil : result.text
        }
    }
}
