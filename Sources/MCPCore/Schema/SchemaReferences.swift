import JSON

extension SchemaDocument {
    /// Where a reference leads that stands in a resource.
    ///
    /// A pointer may lead into a keyword that is not known here; what stands there is collected as a schema then.
    ///
    /// - Throws: where it leads out of the document, or to nothing in it.
    mutating func target(of reference: String, from resource: Int, at place: String) throws(JSONSchemaError) -> Target {
        let shown = "\"\(String(String.UnicodeScalarView(reference.unicodeScalars.prefix(200))))\""
        let (uri, fragment) = URIReference.parts(of: reference)
        var resource = resource
        if !uri.isEmpty {
            let full = URIReference.resolve(uri, against: resources[resource].uri)
            guard let number = resourceNumbers[full] else {
                throw JSONSchemaError(.unresolvedReference, at: place, "refers to \(shown), which is outside of the schema; nothing is fetched")
            }
            resource = number
        }
        let unresolved = JSONSchemaError(.unresolvedReference, at: place, "refers to \(shown), which the schema does not have")
        guard let fragment, !fragment.isEmpty else {
            return Target(location: try location(at: resources[resource].pointer, orThrow: unresolved), dynamicAnchor: nil)
        }
        guard fragment.hasPrefix("/") else {
            guard let name = JSONPointer.percentDecoded(fragment), let pointer = resources[resource].anchors[name] else { throw unresolved }
            let isDynamic = resources[resource].dynamicAnchors[name] != nil
            return Target(location: try location(at: pointer, orThrow: unresolved), dynamicAnchor: isDynamic ? name : nil)
        }
        guard let tokens = JSONPointer.tokens(ofFragment: fragment) else { throw unresolved }
        return Target(location: try location(along: tokens, from: resource, orThrow: unresolved), dynamicAnchor: nil)
    }

    private func location(at pointer: String, orThrow error: JSONSchemaError) throws(JSONSchemaError) -> Int {
        guard let number = locationNumbers[pointer] else { throw error }
        return number
    }

    private mutating func location(
        along tokens: [String], from resource: Int, orThrow error: JSONSchemaError
    ) throws(JSONSchemaError) -> Int {
        var value = resources[resource].root
        var pointer = resources[resource].pointer
        var resource = resource
        for token in tokens {
            switch value {
            case .object(let object):
                guard let member = object[token] else { throw error }
                value = member
            case .array(let elements):
                guard let index = Int(token), elements.indices.contains(index), String(index) == token else { throw error }
                value = elements[index]
            default: throw error
            }
            pointer = JSONPointer.append(token, to: pointer)
            if let number = locationNumbers[pointer] { resource = locations[number].resource }
        }
        if let number = locationNumbers[pointer] { return number }
        guard value.object != nil || value.bool != nil else { throw error }
        try collect(value, at: pointer, in: resource, depth: tokens.count + 1)
        return try location(at: pointer, orThrow: error)
    }
}
