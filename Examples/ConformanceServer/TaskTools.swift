import JSON
import MCPCore

/// Tools whose calls may become tasks, whose results are fetched later: for a client of 2025-11-25 that asks for a task, and for one of
/// 2026-07-28 that declares the extension. Everybody else waits for the answer, where the tool allows that.
enum TaskTools {
    static let all: [Tool] = [slow, failing, broken, deletion, inputs, afterQuestion]

    /// A cancelled task throws out of the sleep; there is nothing to clean up.
    private static let slow = Tool(
        name: "slow_compute", description: "Takes as many seconds as it is told.",
        inputSchema: FormSchema.object(
            ["seconds": ["type": "number", "minimum": 0, "maximum": 3600], "label": ["type": "string"]], required: ["seconds"]),
        taskSupport: .optional
    ) { arguments, context in
        let seconds = arguments["seconds"]?.double ?? 0
        try await Task.sleep(for: .seconds(seconds))
        return .text("Computed \(arguments["label"]?.string ?? "nothing in particular") in \(seconds) seconds.")
    }

    /// The tool ran and says that it failed: a result, which the model reads.
    private static let failing = Tool(
        name: "failing_job", description: "Fails after a second. Called as a task alone.", taskSupport: .required
    ) { _, _ in
        try await Task.sleep(for: .seconds(1))
        throw ToolFailure("The job failed, as it always does.")
    }

    /// The call itself went wrong: an error of the protocol, and no result.
    private static let broken = Tool(
        name: "protocol_error_job", description: "Ends with an error of the protocol.", taskSupport: .optional
    ) { _, _ in
        try await Task.sleep(for: .milliseconds(100))
        throw JSONRPCError(.internalError, "The job ended with an error of the protocol, as it always does.")
    }

    private static let deletion = Tool(
        name: "confirm_delete", description: "Asks before it deletes. It deletes nothing.",
        inputSchema: FormSchema.object(["filename": ["type": "string"]], required: ["filename"]),
        annotations: ToolAnnotations(isReadOnly: true), taskSupport: .optional
    ) { arguments, context in
        let filename = arguments["filename"]?.string ?? ""
        let schema = FormSchema.object(["confirm": ["type": "boolean", "description": "Whether to delete it."]], required: ["confirm"])
        let answer = try await context.elicit("confirmation", Elicitation("Delete \(filename)?", schema: schema))
        return .text(answer.content["confirm"]?.bool == true ? "Deleted \(filename)." : "Kept \(filename).")
    }

    /// Both questions are open at once, and are answered together or one after the other.
    private static let inputs = Tool(
        name: "multi_input", description: "Asks for two names at once.", taskSupport: .optional
    ) { _, context in
        let answers = try await context.ask([
            "first": .elicitation(Elicitation("What is the first name?", schema: RoundTools.nameSchema)),
            "second": .elicitation(Elicitation("What is the second name?", schema: RoundTools.nameSchema)),
        ])
        let names = ["first", "second"].map { answers[$0]?["content"]?["name"]?.string ?? "nobody" }
        return .text("Got \(names.joined(separator: " and ")).")
    }

    /// What `prepare` asks is asked before there is a task: the client's user is there to answer, and nothing was begun yet. Its answer
    /// becomes an argument, so the schema knows it.
    private static let afterQuestion = Tool(
        name: "test_tool_with_task", description: "Asks for a name, then greets in a task.",
        inputSchema: FormSchema.object(["user_name": ["type": "string", "description": "Asked for where it is absent."]]),
        taskSupport: .required,
        prepare: { arguments, context in
            guard arguments["user_name"] == nil else { return arguments }
            let answer = try await context.elicit("user_name", RoundTools.nameForm)
            var arguments = arguments
            arguments["user_name"] = answer.content["name"] ?? "whoever you are"
            return arguments
        }
    ) { arguments, _ in
        try await Task.sleep(for: .milliseconds(100))
        return .text("Hello, \(arguments["user_name"]?.string ?? ""), from a task!")
    }
}
