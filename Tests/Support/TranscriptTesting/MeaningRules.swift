import JSON
import MemoryModel
import Redaction
import Transcripts

// What the readers of all agents say of a session, in the same words.
extension ReaderRule {
    static let meaning: [ReaderRule] = [
        ReaderRule("each record becomes one entry, and none is of an unknown type") { run in
            let entries = try run.entries()
            try expect(entries.count, run.records.count, "entries")
            let unknown = entries.indices.filter { entries[$0].record.content == .bookkeeping(.unknownType) }
            try expect(unknown, [], "records of unknown types")
        },
        ReaderRule("roles and kinds are those of the conversation") { run in
            let outline = try run.entries().compactMap(\.record.message).map { message in
                "\(message.role.rawValue) \(message.kind.rawValue)" + (message.isOwnEcho ? " echo" : "")
            }
            try expect(outline, run.fixture.outline, "messages")
        },
        ReaderRule("windows open where the session begins, is compacted, or is a sub-agent's") { run in
            let entries = try run.entries()
            let openers = entries.filter(\.opensWindow).map(\.window.opener.text.value)
            try expect(openers.count, run.fixture.openers.count, "windows, which are \(openers)")
            for (opener, expected) in zip(openers, run.fixture.openers) {
                try expect(opener == expected || opener.hasPrefix(expected + ":"), true, "the opener \(opener) to be \(expected)")
            }
            for entry in entries where entry.record.message != nil {
                try expect(entry.window.conversation.value, run.fixture.session, "the conversation")
            }
        },
        ReaderRule("each result of a tool names a call that stands before it") { run in
            var calls: Set<RedactedText> = []
            var results = 0
            for block in try run.entries().compactMap(\.record.message).flatMap(\.blocks) {
                guard let id = block.toolUseID else { continue }
                if block.kind == .toolUse {
                    try expect(block.name != nil, true, "a name of the call \(id)")
                    calls.insert(id)
                } else if block.kind == .toolResult {
                    try expect(calls.contains(id), true, "the call of the result \(id)")
                    results += 1
                }
            }
            let fixtureCalls = run.fixture.outline.contains { $0.contains("tool_call") }
            try expect(results > 0, fixtureCalls, "results of tools")
        },
        ReaderRule("a failed tool is told from one that worked") { run in
            let results = try run.entries().compactMap(\.record.message).flatMap(\.blocks).filter { $0.kind == .toolResult }
            for result in results {
                let failed = ["no such", "not found"].contains { result.text.value.contains($0) }
                try expect(result.isError, failed, "whether the tool failed that said: \(result.text.value.prefix(60))")
            }
        },
        ReaderRule("what magenta's own tools said is an echo, and stands in no other message") { run in
            let messages = try run.entries().compactMap(\.record.message)
            for message in messages where !message.isOwnEcho {
                for block in message.blocks { try expect(block.text.value.contains(AgentFixture.echo), false, "an echo in a \(message.kind)") }
            }
            let holdsEcho = run.fixture.files.contains { $0.text.contains(AgentFixture.echo) }
            let own = messages.flatMap(\.blocks).filter { $0.kind == .toolUse && ($0.name?.value.hasSuffix("search_messages") ?? false) }
            try expect(!own.isEmpty, holdsEcho, "calls of own tools")
        },
        ReaderRule("what the user typed is told from what the client put there") { run in
            let prompts = try run.entries().compactMap(\.record.message).filter { $0.kind == .prompt }
            try expect(prompts.isEmpty, false, "that there is no prompt")
            for prompt in prompts {
                let text = prompt.blocks.filter { $0.kind == .text }.map(\.text.value).joined()
                for injected in ["<environment_context>", "AGENTS.md", "Called the Read tool", "<state_snapshot>"] {
                    try expect(text.contains(injected), false, "\(injected) in a prompt")
                }
            }
        },
        ReaderRule("a picture leaves a placeholder with its type and none of its bytes") { run in
            let blocks = try run.entries().compactMap(\.record.message).flatMap(\.blocks)
            let hasPicture = run.fixture.files.contains { $0.text.contains("QUJDRA==") }
            try expect(blocks.contains { $0.kind == .image && $0.text.value.hasPrefix("[image image/png") }, hasPicture, "a placeholder")
            for block in blocks { try expect(block.text.value.contains("QUJDRA"), false, "the picture's bytes in a \(block.kind) block") }
        },
        ReaderRule("model, directory, branch and title are found") { run in
            let entries = try run.entries()
            let messages = entries.map(\.record).filter { $0.message != nil }
            try expect(messages.lazy.compactMap(\.model?.value).first, run.fixture.model, "the model")
            try expect(messages.lazy.compactMap(\.project?.value).first, run.fixture.project, "the directory")
            try expect(messages.lazy.compactMap(\.branch?.value).first, run.fixture.branch, "the branch")
            let titles = entries.flatMap(\.facts).compactMap { fact -> String? in
                guard case .title(_, let text, _, _) = fact else { return nil }
                return text.value
            }
            try expect(titles.last, run.fixture.title, "the title")
        },
        ReaderRule("tokens are counted once, however often they are told") { run in
            var replies: [RedactedText: TokenUsage] = [:]
            for case .usage(let reply, let usage) in try run.entries().flatMap(\.facts) { replies[reply] = usage }
            let sum = replies.values.reduce(0) { $0 + $1.input + $1.output + $1.cacheCreation + $1.cacheRead }
            try expect(sum, run.fixture.tokens, "tokens")
        },
    ]
}
