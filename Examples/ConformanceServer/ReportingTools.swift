import JSON
import MCPCore

/// Tools that say something before they are done. A message goes where the client's revision wants it, and nowhere if it did not ask.
enum ReportingTools {
    static let all: [Tool] = [progress, logging, levelled, reconnection, streaming]

    /// Short enough for a test, long enough that a client sees the messages one by one.
    private static let pause = Duration.milliseconds(50)

    private static let progress = Tool(
        name: "test_tool_with_progress", description: "Reports its progress in three steps, if the client gave a token."
    ) { _, context in
        context.progress?.report(0, total: 100, message: "Started")
        try await Task.sleep(for: pause)
        context.progress?.report(50, total: 100, message: "Half done")
        try await Task.sleep(for: pause)
        context.progress?.report(100, total: 100, message: "Done")
        return .text("Tool with progress executed.")
    }

    private static let logging = Tool(
        name: "test_tool_with_logging", description: "Writes three messages to the client's log."
    ) { _, context in
        context.log(.info, "Tool execution started")
        try await Task.sleep(for: pause)
        context.log(.info, "Tool processing data")
        try await Task.sleep(for: pause)
        context.log(.info, "Tool execution completed")
        return .text("Tool with logging executed.")
    }

    /// In 2026-07-28 a request says for itself what it wants to hear of; one that says nothing hears nothing.
    private static let levelled = Tool(
        name: "test_logging_tool", description: "Writes one message to the client's log, where the request asks for any."
    ) { _, context in
        context.log(.info, "The tool was called.", logger: "test_logging_tool")
        return .text("Logging tool executed.")
    }

    /// A client of 2025-11-25 is sent away and finds the answer when it comes back; any other waits on its connection.
    private static let reconnection = Tool(
        name: "test_reconnection", description: "Ends the connection before it answers; the client comes back for the answer."
    ) { _, context in
        context.pause(retryAfter: .milliseconds(500))
        try await Task.sleep(for: .milliseconds(150))
        return .text("The answer after the reconnection.")
    }

    /// Asks in whatever way the revision has: a request down a stream of 2025-11-25, a result of 2026-07-28.
    private static let streaming = Tool(
        name: "test_streaming_elicitation", description: "Reports progress, then asks the user something."
    ) { _, context in
        context.progress?.report(0, total: 2, message: "Started")
        context.progress?.report(1, total: 2, message: "Asking")
        let answer = try await context.elicit(
            "color", Elicitation("What is your favorite color?", schema: FormSchema.object(["color": ["type": "string"]], required: ["color"])))
        return .text("Favorite color: \(answer.content["color"]?.string ?? "not told (\(answer.action.rawValue))")")
    }
}
