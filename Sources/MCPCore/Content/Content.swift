public import JSON

/// One block of what a tool shows to the model.
public struct Content: Sendable, Hashable {
    /// What the block holds.
    public enum Kind: Sendable, Hashable {
        case text(String)
        /// - data: base64.
        case image(data: String, mimeType: String)
        /// - data: base64. Since 2025-03-26.
        case audio(data: String, mimeType: String)
        case resource(ResourceContents)
        /// Since 2025-06-18.
        case resourceLink(ResourceLink)
    }

    /// What the block holds.
    public var kind: Kind
    /// For whom it is, and how much it matters.
    public var annotations: ContentAnnotations?
    /// Anything else (2025-06-18).
    public var metadata: JSONObject?

    /// A block with its parts.
    public init(_ kind: Kind, annotations: ContentAnnotations? = nil, metadata: JSONObject? = nil) {
        self.kind = kind
        self.annotations = annotations
        self.metadata = metadata
    }

    /// A block of text.
    public static func text(_ text: String) -> Content { Content(.text(text)) }
    /// A picture; `data` is base64.
    public static func image(data: String, mimeType: String) -> Content { Content(.image(data: data, mimeType: mimeType)) }
    /// A sound; `data` is base64.
    public static func audio(data: String, mimeType: String) -> Content { Content(.audio(data: data, mimeType: mimeType)) }
    /// A resource with what it contains.
    public static func resource(_ resource: ResourceContents) -> Content { Content(.resource(resource)) }
    /// A resource that the client may read by itself.
    public static func resourceLink(_ link: ResourceLink) -> Content { Content(.resourceLink(link)) }
}

/// What a resource contains, read by itself or inside of a content block.
public struct ResourceContents: Sendable, Hashable {
    /// What the resource contains.
    public enum Body: Sendable, Hashable {
        case text(String)
        /// base64.
        case blob(String)
    }

    /// A URI (RFC 3986).
    public var uri: String
    /// Its media type.
    public var mimeType: String?
    /// What it contains.
    public var body: Body
    /// Anything else (2025-06-18).
    public var metadata: JSONObject?

    /// Contents with their parts.
    public init(uri: String, mimeType: String? = nil, body: Body, metadata: JSONObject? = nil) {
        self.uri = uri
        self.mimeType = mimeType
        self.body = body
        self.metadata = metadata
    }
}

/// Names a resource that the client may read.
public struct ResourceLink: Sendable, Hashable {
    /// A URI (RFC 3986).
    public var uri: String
    /// The name for programs.
    public var name: String
    /// The name for people.
    public var title: String?
    /// What it is, in a sentence.
    public var description: String?
    /// Its media type.
    public var mimeType: String?
    /// How many bytes it has.
    public var size: Int?

    /// A link with its parts.
    public init(
        uri: String, name: String, title: String? = nil, description: String? = nil, mimeType: String? = nil, size: Int? = nil
    ) {
        self.uri = uri
        self.name = name
        self.title = title
        self.description = description
        self.mimeType = mimeType
        self.size = size
    }
}

/// For whom a block is, and how much it matters.
public struct ContentAnnotations: Sendable, Hashable {
    /// Who a block is for.
    public enum Audience: String, Sendable, Hashable {
        case user
        case assistant
    }

    /// Who it is for; everybody, where empty.
    public var audience: [Audience]
    /// 0 (least) to 1 (required).
    public var priority: Double?
    /// An ISO 8601 time (2025-06-18).
    public var lastModified: String?

    /// Annotations with their parts.
    public init(audience: [Audience] = [], priority: Double? = nil, lastModified: String? = nil) {
        self.audience = audience
        self.priority = priority
        self.lastModified = lastModified
    }
}
