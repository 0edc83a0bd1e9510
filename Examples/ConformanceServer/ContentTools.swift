import JSON
import MCPCore

/// Tools that give one kind of content each. A client whose revision lacks a kind gets text in its place.
enum ContentTools {
    static let all: [Tool] = [simpleText, image, audio, embeddedResource, mixed, error, greet, schema, header, weather, primes]

    private static let simpleText = Tool(name: "test_simple_text", description: "Gives one block of text.") { _, _ in
        .text("This is a simple text response for testing.")
    }

    private static let image = Tool(name: "test_image_content", description: "Gives a picture of one pixel.") { _, _ in
        ToolResult(content: [.image(data: SampleMedia.png, mimeType: "image/png")])
    }

    private static let audio = Tool(name: "test_audio_content", description: "Gives a very short sound.") { _, _ in
        ToolResult(content: [.audio(data: SampleMedia.wav, mimeType: "audio/wav")])
    }

    private static let embeddedResource = Tool(
        name: "test_embedded_resource", description: "Gives a resource together with what it holds."
    ) { _, _ in
        ToolResult(content: [
            .resource(
                ResourceContents(
                    uri: "test://embedded-resource", mimeType: "text/plain", body: .text("This is an embedded resource content.")))
        ])
    }

    private static let mixed = Tool(name: "test_multiple_content_types", description: "Gives text, a picture and a resource.") { _, _ in
        let value: JSONValue = ["test": "data", "value": 123]
        return ToolResult(content: [
            .text("Multiple content types test:"),
            .image(data: SampleMedia.png, mimeType: "image/png"),
            .resource(
                ResourceContents(uri: "test://mixed-content-resource", mimeType: "application/json", body: .text(value.description))),
        ])
    }

    /// The text of a ``ToolFailure`` is for the model; that of any other error would stay on the server.
    private static let error = Tool(name: "test_error_handling", description: "Always fails.") { _, _ in
        throw ToolFailure("This tool intentionally returns an error for testing")
    }

    private static let greet = Tool(
        name: "greet", description: "Greets somebody by name.", inputSchema: FormSchema.object(["name": ["type": "string"]], required: ["name"])
    ) { arguments, _ in
        .text("Hello, \(arguments["name"]?.string ?? "")!")
    }

    /// A schema goes out as it stands here, keyword by keyword, and the arguments are checked against it.
    private static let schema = Tool(
        name: "json_schema_2020_12_tool", description: "Takes a contact, which a schema with many keywords describes.",
        inputSchema: [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "$defs": [
                "address": [
                    "$anchor": "addressDef",
                    "type": "object",
                    "properties": ["street": ["type": "string"], "city": ["type": "string"]],
                ]
            ],
            "properties": [
                "name": ["type": "string"],
                "address": ["$ref": "#/$defs/address"],
                "contactMethod": ["type": "string", "enum": ["phone", "email"]],
                "phone": ["type": "string"],
                "email": ["type": "string"],
            ],
            "allOf": [["anyOf": [["required": ["phone"]], ["required": ["email"]]]]],
            "if": ["properties": ["contactMethod": ["const": "phone"]], "required": ["contactMethod"]],
            "then": ["required": ["phone"]],
            "else": ["required": ["email"]],
            "additionalProperties": false,
        ]
    ) { arguments, _ in
        .text("Contact: \(JSONValue.object(arguments))")
    }

    /// Clients of 2026-07-28 repeat the argument in the header `Mcp-Param-Region`; the transport compares the two.
    private static let header = Tool(
        name: "test_x_mcp_header", description: "Takes an argument that clients repeat in a header.",
        inputSchema: ["type": "object", "properties": ["region": ["type": "string", "x-mcp-header": "Region"]]]
    ) { arguments, _ in
        .text("Region: \(arguments["region"]?.string ?? "none")")
    }

    /// The same for programs as for the model.
    private static let weather = Tool(
        name: "test_structured_content", description: "Gives an object that its output schema describes.",
        outputSchema: ["type": "object", "properties": ["celsius": ["type": "number"], "sky": ["type": "string"]], "required": ["celsius", "sky"]]
    ) { _, _ in ToolResult(structuredContent: ["celsius": 21.5, "sky": "clear"]) }

    /// A list, which clients up to 2025-11-25 see in an object.
    private static let primes = Tool(
        name: "test_structured_list", description: "Gives a list that its output schema describes.",
        outputSchema: ["type": "array", "items": ["type": "integer"]]
    ) { _, _ in ToolResult(structuredContent: [2, 3, 5, 7]) }
}

/// The smallest files that are what they say, in base64.
enum SampleMedia {
    /// One red pixel.
    static let png =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
    /// Four samples of silence: mono, 8 bits, 8000 Hz.
    static let wav = "UklGRigAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQQAAACAgICA"
}
