import JSON
package import Transcripts

/// A hand-made session of one agent, in one version of its format: the files as the agent would leave them, and what they say.
package struct AgentFixture: Sendable, CustomStringConvertible {
    package struct File: Sendable {
        /// Below the agent's root, or its home where `root` is empty.
        package var path: String
        package var text: String

        package init(_ path: String, _ text: String) {
            self.path = path
            self.text = text
        }
    }

    package var name: String
    package var format: any TranscriptFormat
    /// The agent's default root, below the user's home.
    package var root: String
    package var files: [File]
    /// The transcript below the root.
    package var transcript: String
    package var session: String
    /// Of each message in order: `role kind`, and `echo` behind it where it is one.
    package var outline: [String]
    /// The windows in order, by what opened them; an id behind the colon only where the fixture gives it.
    package var openers: [String]
    package var title: String?
    package var project: String?
    package var branch: String?
    package var model: String?
    package var tokens: Int64
    /// Words that stand in one prompt or reply of this session and nowhere else.
    package var needle: String
    /// Stands in nothing but what magenta's own tools answered.
    package static let echo = "gentian-echo"

    package var description: String { name }

    package static let all: [AgentFixture] = [
        claudeCode, codex, codexOf2025, codexAgent, gemini, geminiAgent, geminiDocument, openCode, openCodeChild, openCodeExport,
    ]
}

/// A record as JSON on one line.
func line(_ value: JSONValue) -> String { JSONWriter.string(of: value) }

func lines(_ values: [JSONValue]) -> String { values.map { line($0) + "\n" }.joined() }
