import BinaryTesting
import JSON
import Testing

// What both requirement sets ask of the same scenario.

func expectTools(_ result: JSONValue?, _ reply: Reply? = nil) throws {
    let tools = try #require(result?["tools"]?.array, "\(reply?.text ?? "")")
    #expect(!tools.isEmpty)
    for tool in tools {
        let name = try #require(tool["name"]?.string)
        #expect(name.wholeMatch(of: /[A-Za-z0-9_.\/-]{1,64}/) != nil, "\(name)")
        #expect(tool["description"]?.string?.isEmpty == false, "\(name)")
        #expect(tool["inputSchema"]?["type"] == "object", "\(name)")
    }
    #expect(tools.first?["name"] == "test_simple_text")
    #expect(result?["nextCursor"] == nil, "the suite reads one page")
}

func expectImage(_ content: [JSONValue]) {
    #expect(content.count == 1)
    #expect(content.first?["type"] == "image")
    #expect(content.first?["data"]?.string?.isEmpty == false)
    #expect(content.first?["mimeType"] == "image/png")
}

func expectAudio(_ content: [JSONValue]) {
    #expect(content.count == 1)
    #expect(content.first?["type"] == "audio")
    #expect(content.first?["data"]?.string?.isEmpty == false)
    #expect(content.first?["mimeType"] == "audio/wav")
}

func expectEmbeddedResource(_ content: [JSONValue]) {
    let resource = content.first { $0["type"] == "resource" }?["resource"]
    #expect(resource?["uri"] == "test://embedded-resource")
    #expect(resource?["mimeType"] == "text/plain")
    #expect(resource?["text"] == "This is an embedded resource content.")
}

func expectMixedContent(_ content: [JSONValue]) {
    #expect(content.map { $0["type"] } == ["text", "image", "resource"])
    #expect(content.first?["text"] == "Multiple content types test:")
    #expect(content.last?["resource"]?["uri"] == "test://mixed-content-resource")
    #expect(content.last?["resource"]?["mimeType"] == "application/json")
}

/// Three notices or more, all with the token of the call, none lower than the one before, all before the result.
func expectProgress(_ reply: Reply, token: JSONValue = "progress-test-1") {
    let notices = reply.notifications("notifications/progress")
    #expect(notices.count >= 3)
    #expect(notices.allSatisfy { $0["params"]?["progressToken"] == token })
    let values = notices.compactMap { $0["params"]?["progress"]?.double }
    #expect(values.count == notices.count)
    #expect(values == values.sorted())
    #expect(reply.messages.last?["result"] != nil, "the result comes last")
    #expect(!reply.contentText.isEmpty)
}

func expectSchemaKeywords(_ result: JSONValue?) {
    let schema = result?["tools"]?.array?.first { $0["name"] == "json_schema_2020_12_tool" }?["inputSchema"]
    #expect(schema?["$schema"] == "https://json-schema.org/draft/2020-12/schema")
    let address = schema?["$defs"]?["address"]
    #expect(address?["$anchor"] == "addressDef")
    #expect(address?["properties"]?["street"]?["type"] == "string")
    #expect(address?["properties"]?["city"]?["type"] == "string")
    #expect(schema?["additionalProperties"] == false)
    #expect(schema?["properties"]?["address"]?["$ref"] == "#/$defs/address")
    #expect(schema?["allOf"] == [["anyOf": [["required": ["phone"]], ["required": ["email"]]]]])
    #expect(schema?["if"]?["properties"]?["contactMethod"]?["const"] == "phone")
    #expect(schema?["then"]?["required"] == ["phone"])
    #expect(schema?["else"]?["required"] == ["email"])
}

// MARK: Resources

func expectResources(_ result: JSONValue?) {
    let resources = result?["resources"]?.array ?? []
    #expect(!resources.isEmpty)
    for resource in resources {
        #expect(resource["uri"]?.string?.contains("://") == true, "\(resource)")
        #expect(resource["name"]?.string?.isEmpty == false, "\(resource)")
    }
}

func expectStaticText(_ result: JSONValue?) {
    let first = result?["contents"]?.array?.first
    #expect(first?["uri"] == "test://static-text")
    #expect(first?["mimeType"] == "text/plain")
    #expect(first?["text"] == "This is the content of the static text resource.")
}

func expectStaticBinary(_ result: JSONValue?) {
    let first = result?["contents"]?.array?.first
    #expect(first?["uri"] == "test://static-binary")
    #expect(first?["mimeType"] == "image/png")
    #expect(first?["blob"]?.string?.isEmpty == false)
}

func expectTemplate(_ result: JSONValue?) {
    let first = result?["contents"]?.array?.first
    #expect(first?["uri"] == "test://template/123/data")
    #expect(first?["mimeType"] == "application/json")
    #expect(first?["text"]?.string?.contains("123") == true)
}

// MARK: Prompts

let promptWithArgumentsParams: JSONValue = [
    "name": "test_prompt_with_arguments", "arguments": ["arg1": "testValue1", "arg2": "testValue2"],
]
let promptWithResourceParams: JSONValue = [
    "name": "test_prompt_with_embedded_resource", "arguments": ["resourceUri": "test://example-resource"],
]

func expectPrompts(_ result: JSONValue?) {
    let prompts = result?["prompts"]?.array ?? []
    #expect(!prompts.isEmpty)
    for prompt in prompts {
        #expect(prompt["name"]?.string?.isEmpty == false)
        #expect(prompt["description"]?.string?.isEmpty == false, "\(prompt)")
    }
}

func expectSimplePrompt(_ result: JSONValue?) {
    #expect(result?["messages"] == [["role": "user", "content": ["type": "text", "text": "This is a simple prompt for testing."]]])
}

func expectPromptWithArguments(_ result: JSONValue?) {
    let text = result?["messages"]?.array?.first?["content"]?["text"]?.string ?? ""
    #expect(text.contains("testValue1") && text.contains("testValue2"))
    #expect(result?["messages"]?.array?.first?["role"] == "user")
}

func expectPromptWithResource(_ result: JSONValue?) {
    let messages = result?["messages"]?.array ?? []
    #expect(messages.first?["content"]?["type"] == "resource")
    #expect(messages.first?["content"]?["resource"]?["uri"] == "test://example-resource")
    #expect(messages.first?["content"]?["resource"]?["text"] == "Embedded resource content for testing.")
    #expect(messages.last?["content"]?["text"] == "Please process the embedded resource above.")
}

func expectPromptWithImage(_ result: JSONValue?) {
    let messages = result?["messages"]?.array ?? []
    #expect(messages.first?["content"]?["type"] == "image")
    #expect(messages.first?["content"]?["data"]?.string?.isEmpty == false)
    #expect(messages.first?["content"]?["mimeType"] == "image/png")
    #expect(messages.last?["content"]?["text"] == "Please analyze the image above.")
}
