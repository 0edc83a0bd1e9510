public import JSON

/// Something that a client may read by its URI.
public struct Resource: Sendable {
    /// What reading it gives. Several contents are allowed, for a directory say.
    public typealias Read = @Sendable (_ context: RequestContext) async throws -> [ResourceContents]

    /// A URI (RFC 3986).
    public var uri: String
    /// The name for programs.
    public var name: String
    /// The name for people (2025-06-18).
    public var title: String?
    /// What it is, in a sentence.
    public var description: String?
    /// Its media type.
    public var mimeType: String?
    /// How many bytes it has.
    public var size: Int?
    /// For whom it is, and how much it matters.
    public var annotations: ContentAnnotations?
    /// Pictures of it (2025-11-25).
    public var icons: [Icon]
    /// Anything else (2025-06-18).
    public var metadata: JSONObject?
    /// What reading it gives.
    public var read: Read

    /// - Parameters:
    ///   - uri: a URI (RFC 3986).
    ///   - name: the name for programs.
    ///   - title: the name for people.
    ///   - description: what it is, in a sentence.
    ///   - mimeType: its media type.
    ///   - size: how many bytes it has.
    ///   - annotations: for whom it is.
    ///   - icons: pictures of it.
    ///   - metadata: its `_meta`.
    ///   - read: what reading it gives.
    public init(
        uri: String, name: String, title: String? = nil, description: String? = nil, mimeType: String? = nil, size: Int? = nil,
        annotations: ContentAnnotations? = nil, icons: [Icon] = [], metadata: JSONObject? = nil, read: @escaping Read
    ) {
        self.uri = uri
        self.name = name
        self.title = title
        self.description = description
        self.mimeType = mimeType
        self.size = size
        self.annotations = annotations
        self.icons = icons
        self.metadata = metadata
        self.read = read
    }

    func json(for revision: Revision) -> JSONValue {
        var object: JSONObject = ["uri": .string(uri), "name": .string(name)]
        if let title, revision >= .v2025_06_18 { object["title"] = .string(title) }
        if let description { object["description"] = .string(description) }
        if let mimeType { object["mimeType"] = .string(mimeType) }
        if let size { object["size"] = .integer(Int64(size)) }
        if let annotations { object["annotations"] = annotations.json(for: revision) }
        if !icons.isEmpty, revision >= .v2025_11_25 { object["icons"] = .array(icons.map(\.json)) }
        if let metadata, revision >= .v2025_06_18 { object["_meta"] = .object(metadata) }
        return .object(object)
    }
}

/// A family of resources: every URI that fits the template may be read.
public struct ResourceTemplate: Sendable {
    /// What reading one of them gives, by the values of the template's variables; `nil` where there is no such resource.
    public typealias Read = @Sendable (_ variables: [String: String], _ context: RequestContext) async throws -> [ResourceContents]?

    /// A URI template (RFC 6570, level 1 and `{+variable}`), such as `memory://message/{id}`.
    public var uriTemplate: String
    /// The name for programs.
    public var name: String
    /// The name for people (2025-06-18).
    public var title: String?
    /// What it is, in a sentence.
    public var description: String?
    /// The media type that all of them have.
    public var mimeType: String?
    /// For whom they are, and how much they matter.
    public var annotations: ContentAnnotations?
    /// Pictures of them (2025-11-25).
    public var icons: [Icon]
    /// Anything else (2025-06-18).
    public var metadata: JSONObject?
    /// What completes the values of a variable.
    public var completions: [String: Completer]
    /// What reading one of them gives.
    public var read: Read

    /// - Parameters:
    ///   - uriTemplate: a URI template, such as `memory://message/{id}`.
    ///   - name: the name for programs.
    ///   - title: the name for people.
    ///   - description: what it is, in a sentence.
    ///   - mimeType: the media type that all of them have.
    ///   - annotations: for whom they are.
    ///   - icons: pictures of them.
    ///   - metadata: its `_meta`.
    ///   - completions: what completes the values of a variable.
    ///   - read: what reading one of them gives; `nil` where there is no such resource.
    public init(
        uriTemplate: String, name: String, title: String? = nil, description: String? = nil, mimeType: String? = nil,
        annotations: ContentAnnotations? = nil, icons: [Icon] = [], metadata: JSONObject? = nil, completions: [String: Completer] = [:],
        read: @escaping Read
    ) {
        self.uriTemplate = uriTemplate
        self.name = name
        self.title = title
        self.description = description
        self.mimeType = mimeType
        self.annotations = annotations
        self.icons = icons
        self.metadata = metadata
        self.completions = completions
        self.read = read
    }

    func json(for revision: Revision) -> JSONValue {
        var object: JSONObject = ["uriTemplate": .string(uriTemplate), "name": .string(name)]
        if let title, revision >= .v2025_06_18 { object["title"] = .string(title) }
        if let description { object["description"] = .string(description) }
        if let mimeType { object["mimeType"] = .string(mimeType) }
        if let annotations { object["annotations"] = annotations.json(for: revision) }
        if !icons.isEmpty, revision >= .v2025_11_25 { object["icons"] = .array(icons.map(\.json)) }
        if let metadata, revision >= .v2025_06_18 { object["_meta"] = .object(metadata) }
        return .object(object)
    }
}
