import JSON

// What a block becomes in a revision that does not know its kind: text that says what it was.

extension Content {
    func json(for revision: Revision) -> JSONValue {
        var object: JSONObject
        switch kind {
        case .text(let text):
            object = ["type": "text", "text": .string(text)]
        case .image(let data, let mimeType):
            object = ["type": "image", "data": .string(data), "mimeType": .string(mimeType)]
        case .audio(_, let mimeType) where revision < .v2025_03_26:
            object = ["type": "text", "text": .string("[audio of type \(mimeType), which protocol revision \(revision.rawValue) cannot carry]")]
        case .audio(let data, let mimeType):
            object = ["type": "audio", "data": .string(data), "mimeType": .string(mimeType)]
        case .resource(let resource):
            object = ["type": "resource", "resource": resource.json(for: revision)]
        case .resourceLink(let link) where revision < .v2025_06_18:
            object = ["type": "text", "text": .string(link.asText)]
        case .resourceLink(let link):
            object = link.json
        }
        if let annotations { object["annotations"] = annotations.json(for: revision) }
        if let metadata, revision >= .v2025_06_18 { object["_meta"] = .object(metadata) }
        return .object(object)
    }
}

extension ResourceContents {
    func json(for revision: Revision) -> JSONValue {
        var object: JSONObject = ["uri": .string(uri)]
        if let mimeType { object["mimeType"] = .string(mimeType) }
        switch body {
        case .text(let text): object["text"] = .string(text)
        case .blob(let data): object["blob"] = .string(data)
        }
        if let metadata, revision >= .v2025_06_18 { object["_meta"] = .object(metadata) }
        return .object(object)
    }
}

extension ResourceLink {
    fileprivate var asText: String {
        let label = "\(title ?? name): \(uri)"
        return description.map { "\(label)\n\($0)" } ?? label
    }

    fileprivate var json: JSONObject {
        var object: JSONObject = ["type": "resource_link", "uri": .string(uri), "name": .string(name)]
        if let title { object["title"] = .string(title) }
        if let description { object["description"] = .string(description) }
        if let mimeType { object["mimeType"] = .string(mimeType) }
        if let size { object["size"] = .integer(Int64(size)) }
        return object
    }
}

extension ContentAnnotations {
    func json(for revision: Revision) -> JSONValue {
        var object = JSONObject()
        if !audience.isEmpty { object["audience"] = .array(audience.map { .string($0.rawValue) }) }
        if let priority { object["priority"] = .double(priority) }
        if let lastModified, revision >= .v2025_06_18 { object["lastModified"] = .string(lastModified) }
        return .object(object)
    }
}
