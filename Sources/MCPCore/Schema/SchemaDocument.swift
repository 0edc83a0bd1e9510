import JSON

/// A schema as a document (Core sections 8 and 9): where its subschemas stand, what they are called, and what a reference means.
struct SchemaDocument {
    /// A subschema.
    struct Location {
        let pointer: String
        let schema: JSONValue
        let resource: Int
    }

    /// The document, or a part of it that has an `$id` of its own.
    struct Resource {
        let uri: String
        let pointer: String
        let root: JSONValue
        /// Pointers by name.
        var anchors: [String: String] = [:]
        var dynamicAnchors: [String: String] = [:]
    }

    /// Where a reference leads.
    struct Target {
        let location: Int
        /// The dynamic anchor that it named.
        let dynamicAnchor: String?
    }

    /// The name that stands for `$recursiveAnchor` of 2019-09. No anchor can be called so.
    static let recursiveAnchor = "$recursiveAnchor"

    private(set) var locations: [Location] = []
    private(set) var resources: [Resource]
    private(set) var locationNumbers: [String: Int] = [:]
    private(set) var resourceNumbers: [String: Int] = [:]
    private let limits: JSONSchema.Limits

    init(_ schema: JSONValue, limits: JSONSchema.Limits) throws(JSONSchemaError) {
        self.limits = limits
        resources = [Resource(uri: "", pointer: "", root: schema)]
        try collect(schema, at: "", in: 0, depth: 1)
    }

    /// The number of the subschema at a pointer.
    func location(at pointer: String) -> Int? { locationNumbers[pointer] }

    mutating func collect(_ schema: JSONValue, at pointer: String, in resource: Int, depth: Int) throws(JSONSchemaError) {
        guard depth <= limits.depth else {
            throw JSONSchemaError(.limitExceeded, at: pointer, "is nested deeper than \(limits.depth) levels")
        }
        guard locations.count < limits.subschemas else {
            throw JSONSchemaError(.limitExceeded, at: pointer, "is one subschema too many; \(limits.subschemas) are allowed")
        }
        var resource = resource
        var children: [SchemaDialect.Child] = []
        switch schema {
        case .bool: break
        case .object(let object):
            if let dialect = object["$schema"] { try SchemaDialect.check(dialect, at: pointer + "/$schema") }
            resource = try enter(object, schema, at: pointer, from: resource)
            try collectAnchors(of: object, at: pointer, in: resource)
            children = try SchemaDialect.children(of: object, at: pointer)
        default: throw JSONSchemaError(.malformed, at: pointer, "must be a schema, so an object or a boolean, not \(schema.kindName)")
        }
        locationNumbers[pointer] = locations.count
        locations.append(Location(pointer: pointer, schema: schema, resource: resource))
        for child in children { try collect(child.schema, at: child.pointer, in: resource, depth: depth + 1) }
    }

    /// The resource that begins here, or the one around.
    private mutating func enter(
        _ object: JSONObject, _ schema: JSONValue, at pointer: String, from resource: Int
    ) throws(JSONSchemaError) -> Int {
        guard let id = try text("$id", of: object, at: pointer) else { return resource }
        let (uri, fragment) = URIReference.parts(of: id)
        if uri.isEmpty { return resource }
        let place = pointer + "/$id"
        guard fragment == nil || fragment == "" else { throw JSONSchemaError(.malformed, at: place, "must not have a fragment") }
        let full = URIReference.resolve(uri, against: resources[resource].uri)
        guard resourceNumbers[full] == nil else { throw JSONSchemaError(.malformed, at: place, "stands a second time in the schema") }
        let entered = Resource(uri: full, pointer: pointer, root: schema)
        let number = pointer.isEmpty ? 0 : resources.count
        if pointer.isEmpty { resources[0] = entered } else { resources.append(entered) }
        resourceNumbers[full] = number
        return number
    }

    private mutating func collectAnchors(of object: JSONObject, at pointer: String, in resource: Int) throws(JSONSchemaError) {
        // Draft-07 wrote an anchor as an id that is only a fragment.
        if let id = object["$id"]?.string, id.hasPrefix("#"), id != "#" {
            try add(anchor: String(id.dropFirst()), at: pointer, keyword: "$id", in: resource)
        }
        if let name = try text("$anchor", of: object, at: pointer) { try add(anchor: name, at: pointer, keyword: "$anchor", in: resource) }
        if let name = try text("$dynamicAnchor", of: object, at: pointer) {
            try add(anchor: name, at: pointer, keyword: "$dynamicAnchor", in: resource)
            resources[resource].dynamicAnchors[name] = pointer
        }
        if object["$recursiveAnchor"]?.bool == true { resources[resource].dynamicAnchors[Self.recursiveAnchor] = pointer }
    }

    private mutating func add(anchor: String, at pointer: String, keyword: String, in resource: Int) throws(JSONSchemaError) {
        let place = "\(pointer)/\(keyword)"
        let isName =
            anchor.utf8.first.map { $0 == UInt8(ascii: "_") || $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") } ?? false
        guard isName else { throw JSONSchemaError(.malformed, at: place, "must be a name that begins with a letter or _") }
        if let other = resources[resource].anchors.updateValue(pointer, forKey: anchor), other != pointer {
            throw JSONSchemaError(.malformed, at: place, "names an anchor that stands a second time in the schema")
        }
    }

    private func text(_ keyword: String, of object: JSONObject, at pointer: String) throws(JSONSchemaError) -> String? {
        guard let value = object[keyword] else { return nil }
        guard let text = value.string else {
            throw JSONSchemaError(.malformed, at: "\(pointer)/\(keyword)", "must be a string, not \(value.kindName)")
        }
        return text
    }
}
