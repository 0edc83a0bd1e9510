import JSON
import MCPCore

/// Tools whose questions a client of 2026-07-28 gets as the result of its call (multi round-trip requests). The same handlers ask a
/// legacy client down the stream of its call: nothing here knows the difference.
enum RoundTools {
    static let all: [Tool] = [elicitation, sampling, roots, inputs, rounds, capabilities]

    static let nameSchema = FormSchema.object(["name": ["type": "string"]], required: ["name"])
    static let nameForm = Elicitation("What is your name?", schema: nameSchema)

    private static let elicitation = Tool(
        name: "test_input_required_result_elicitation", description: "Asks for a name and says hello."
    ) { _, context in
        let answer = try await context.elicit("user_name", nameForm)
        return .text("Hello, \(answer.content["name"]?.string ?? "whoever you are")!")
    }

    private static let sampling = Tool(
        name: "test_input_required_result_sampling", description: "Asks the client's model for a capital."
    ) { _, context in
        let answer = try await context.sample("capital_question", Sampling("What is the capital of France?", maxTokens: 100))
        return .text("The model says: \(answer.text)")
    }

    private static let roots = Tool(
        name: "test_input_required_result_list_roots", description: "Asks which directories the client works in."
    ) { _, context in
        let roots = try await context.roots("client_roots")
        return .text("The client works in \(roots.count) roots: \(roots.map { $0.name ?? $0.uri }.joined(separator: ", "))")
    }

    /// Several questions at once. The state makes this one round of a conversation, which a later round could read.
    private static let inputs = Tool(
        name: "test_input_required_result_multiple_inputs", description: "Asks the user, the model and the client at once."
    ) { _, context in
        let answers = try await context.ask(
            [
                "user_name": .elicitation(nameForm),
                "greeting": .sampling(Sampling("Generate a greeting", maxTokens: 50)),
                "client_roots": .roots,
            ], state: ["asked": "everything"])
        let name = answers["user_name"]?["content"]?["name"]?.string ?? "whoever you are"
        let greeting = answers["greeting"]?["content"]?["text"]?.string ?? "Hello"
        let count = answers["client_roots"]?["roots"]?.array?.count ?? 0
        return .text("\(greeting), \(name)! You work in \(count) roots.")
    }

    /// Two rounds. In the third run both answers are there: what the first round brought travels in `requestState`.
    private static let rounds = Tool(
        name: "test_input_required_result_multi_round", description: "Asks for a name, then for a color."
    ) { _, context in
        let first = try await context.ask(["step1": .elicitation(Elicitation("Step 1: What is your name?", schema: nameSchema))], state: 1)
        let form = FormSchema.object(["color": ["type": "string"]], required: ["color"])
        let second = try await context.ask(
            ["step2": .elicitation(Elicitation("Step 2: What is your favorite color?", schema: form))], state: 2)
        let name = first["step1"]?["content"]?["name"]?.string ?? "Somebody"
        let color = second["step2"]?["content"]?["color"]?.string ?? "none"
        return .text("\(name) likes \(color).")
    }

    /// What a client did not declare must not be asked of it, so this asks only what can be answered.
    private static let capabilities = Tool(
        name: "test_input_required_result_capabilities", description: "Asks whatever the client declares that it can answer."
    ) { _, context in
        var said: [String] = []
        if context.clientCapabilities["sampling"] != nil {
            said.append(try await context.sample("greeting", Sampling("Generate a greeting", maxTokens: 50)).text)
        }
        if context.clientCapabilities["elicitation"] != nil {
            said.append(try await context.elicit("user_name", nameForm).content["name"]?.string ?? "no name")
        }
        if context.clientCapabilities["roots"] != nil {
            said.append("\(try await context.roots("client_roots").count) roots")
        }
        return .text(said.isEmpty ? "The client can be asked nothing." : said.joined(separator: ", "))
    }
}

/// Tools that keep something between two rounds. It travels with the client, encrypted: what was changed on the way does not open, and the
/// call is refused before a handler sees it.
enum StateTools {
    static let all: [Tool] = [kept, sealed]

    private static let confirmation = Elicitation(
        "Please confirm", schema: FormSchema.object(["ok": ["type": "boolean"]], required: ["ok"]))

    private static let kept = Tool(
        name: "test_input_required_result_request_state", description: "Asks for a confirmation and finds again what it knew before."
    ) { _, context in
        let answer = try await context.ask(["confirm": .elicitation(confirmation)], state: ["step": "confirm"])["confirm"]
        let isConfirmed = answer?["content"]?["ok"]?.bool == true
        // Only 2026-07-28 has rounds between which anything could get lost.
        let isStateGood = context.revision.isLegacy || context.askedState?["step"] == "confirm"
        return .text("\(isStateGood ? "state-ok" : "no state came back"), \(isConfirmed ? "confirmed" : "not confirmed")")
    }

    private static let sealed = Tool(
        name: "test_input_required_result_tampered_state", description: "Asks for a confirmation; a state that was changed is refused."
    ) { _, context in
        let answer = try await context.ask(["confirm": .elicitation(confirmation)], state: ["step": "confirm"])["confirm"]
        return .text(answer?["content"]?["ok"]?.bool == true ? "Confirmed." : "Not confirmed.")
    }
}
