import JSON
import MCPCore

/// Everything that the suite calls, on one server.
enum FixtureServer {
    static let info = Implementation(
        name: "conformance-server", version: "1.0.0", title: "Conformance server",
        description: "One fixture for every scenario of the MCP conformance suite.")

    static func make() throws -> MCPServer {
        let watched = WatchedResource()
        let server = try MCPServer(
            info: info,
            instructions: "Each tool shows one thing that a server can do. None of them changes anything outside of this server.",
            // The suite calls the first tool of the list and reads the first resource.
            tools: ContentTools.all + ReportingTools.all + QuestionTools.all + RoundTools.all + StateTools.all + TaskTools.all,
            resources: FixtureResources.all + [watched.resource],
            templates: FixtureResources.templates,
            prompts: FixturePrompts.all)
        // These need the lists that they change, which exist only now.
        for tool in ChangeTools.all(of: server, watched) { try server.tools.add(tool) }
        return server
    }
}

/// Tools that change what the server offers. Clients hear of it on the streams that they listen on, whatever their revision.
enum ChangeTools {
    static func all(of server: MCPServer, _ watched: WatchedResource) -> [Tool] {
        [toolChange(in: server.tools), promptChange(in: server.prompts), resourceChange(of: watched, in: server.resources)]
    }

    // The lists hold these tools, so the tools hold the lists weakly.

    private static func toolChange(in tools: ToolList) -> Tool {
        Tool(
            name: "test_trigger_tool_change", description: "Adds a tool and removes it again, so that the list of tools changes twice."
        ) { [weak tools] _, _ in
            let name = passingName()
            try tools?.add(Tool(name: name, description: "Is gone in a moment.") { _, _ in .text("Still here.") })
            tools?.remove(name)
            return .text("The list of tools has changed.")
        }
    }

    private static func promptChange(in prompts: PromptList) -> Tool {
        Tool(
            name: "test_trigger_prompt_change", description: "Adds a prompt and removes it again, so that the list of prompts changes twice."
        ) { [weak prompts] _, _ in
            let name = passingName()
            try prompts?.add(Prompt(name: name, description: "Is gone in a moment.") { _, _ in PromptResult(messages: []) })
            prompts?.remove(name)
            return .text("The list of prompts has changed.")
        }
    }

    private static func resourceChange(of watched: WatchedResource, in resources: ResourceList) -> Tool {
        Tool(
            name: "test_trigger_resource_change",
            description: "Changes what test://watched-resource holds, and tells whoever subscribed to it."
        ) { [weak resources] _, _ in
            watched.change()
            resources?.changed(WatchedResource.uri)
            return .text("The watched resource has changed.")
        }
    }

    /// A name of its own for each call: two of them may run at once.
    private static func passingName() -> String { "passing_\(UInt32.random(in: .min ... .max))" }
}
