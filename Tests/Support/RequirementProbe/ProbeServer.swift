import JSON
import MCPCore
import Synchronization

/// A server with one tool for each requirement that the fixture of the conformance suite does not show.
enum ProbeServer {
    static let info = Implementation(
        name: "requirement-probe", version: "1.0", title: "Requirement probe", description: "For tests.",
        websiteURL: "https://example.com/", icons: [icon])
    static let icon = Icon(source: "https://example.com/i.png", mimeType: "image/png", sizes: ["48x48"])

    static func make(pageSize: Int) throws -> MCPServer {
        let counts = CallCounts()
        return try MCPServer(
            info: info, instructions: "For tests.",
            tools: ContentTools.all + CallTools.all(counts) + AskingTools.all,
            resources: (1...5).map { number in
                // One is longer than a cursor may be tempted to hold.
                let uri = "test://numbered/\(number)" + String(repeating: "x", count: number == 2 ? 700 : 0)
                return Resource(uri: uri, name: "numbered-\(number)", title: "Number \(number)", icons: [icon]) { _ in
                    [ResourceContents(uri: uri, body: .text("\(number)"))]
                }
            },
            templates: [
                ResourceTemplate(
                    uriTemplate: "test://city/{country}/{city}", name: "city", title: "City", icons: [icon],
                    completions: ["city": complete]
                ) { variables, _ in
                    [ResourceContents(uri: "test://city/\(variables["country"] ?? "")/\(variables["city"] ?? "")", body: .text("A city."))]
                }
            ],
            prompts: [
                Prompt(
                    name: "travel", title: "Travel", description: "Goes somewhere.",
                    arguments: [
                        PromptArgument("number", title: "Number") { value, _, _ in
                            Completions((0..<250).map(String.init).filter { $0.hasPrefix(value) })
                        },
                        PromptArgument("city", completer: complete),
                    ], icons: [icon]
                ) { _, _ in PromptResult(messages: [PromptMessage(.user, ContentTools.link)]) }
            ], pageSize: pageSize)
    }

    /// Cities, of the country that was chosen before.
    private static let complete: Completer = { value, arguments, _ in
        let cities = ["france": ["paris", "pau"], "italy": ["parma", "rome"]]
        let known = arguments["country"].map { cities[$0] ?? [] } ?? cities.values.flatMap { $0 }.sorted()
        return Completions(known.filter { $0.hasPrefix(value) })
    }
}

/// How many calls of `wait` began, and how many were cancelled.
final class CallCounts: Sendable {
    private let counts = Mutex((began: 0, cancelled: 0))

    func begin() { counts.withLock { $0.began += 1 } }
    func cancel() { counts.withLock { $0.cancelled += 1 } }
    var text: String { counts.withLock { "began \($0.began), cancelled \($0.cancelled)" } }
}

/// Tools that show how a call itself goes.
enum CallTools {
    static func all(_ counts: CallCounts) -> [Tool] {
        [
            Tool(name: "wait", description: "Waits until it is cancelled, or for a minute.", taskSupport: .optional) { _, context in
                counts.begin()
                context.progress?.report(1)
                do { try await Task.sleep(for: .seconds(60)) } catch {  // lint: the work itself
                    counts.cancel()
                    throw error
                }
                return .text("Nobody cancelled.")
            },
            Tool(name: "work", description: "Works for a moment.") { _, context in
                context.progress?.report(1)
                try await Task.sleep(for: .milliseconds(300))  // lint: the work itself
                return .text("Worked.")
            },
            Tool(name: "page_first", description: "Sends the user to a page first, by an error.") { _, _ in
                let page: JSONValue = [
                    "mode": "url", "message": "Open the page.", "url": "https://example.com/consent", "elicitationId": "elicitation-2",
                ]
                throw JSONRPCError(.urlElicitationRequired, "Open the page first.", data: ["elicitations": [page]])
            },
            Tool(name: "counts", description: "Counts the calls of wait.") { _, _ in .text(counts.text) },
            Tool(name: "log", description: "Logs at every level.") { _, context in
                for level in LogLevel.allCases { context.log(level, .string(level.rawValue), logger: "probe") }
                return .text("Logged.")
            },
            Tool(name: "trace", description: "Says which trace it belongs to.") { _, context in
                .text(context.trace.map { "\($0.traceparent) \($0.tracestate ?? "-") \($0.baggage ?? "-")" } ?? "none")
            },
            Tool(name: "steps", description: "Reports progress out of order.") { _, context in
                for step in [0.0, 50, 50, 20, 100] { context.progress?.report(step, total: 100, message: "step") }
                return .text("Done.")
            },
            Tool(
                name: "headers", description: "Takes arguments that clients repeat in headers.",
                inputSchema: [
                    "type": "object",
                    "properties": [
                        "count": ["type": "integer", "x-mcp-header": "Count"], "flag": ["type": "boolean", "x-mcp-header": "Flag"],
                        "place": [
                            "type": "object", "properties": ["city": ["type": "string", "x-mcp-header": "City"]],
                        ],
                    ],
                ]
            ) { arguments, _ in .text("\(JSONValue.object(arguments))") },
            Tool(
                name: "strict", description: "Wants one number.",
                inputSchema: [
                    "type": "object", "properties": ["n": ["type": "integer", "minimum": 1]], "required": ["n"],
                    "additionalProperties": false,
                ]
            ) { arguments, _ in .text("\(arguments["n"] ?? .null)") },
        ]
    }
}
