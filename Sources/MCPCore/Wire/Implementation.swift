public import JSON

/// What a client or a server says about itself. Self-reported: nothing that matters may depend on it.
public struct Implementation: Sendable, Hashable {
    /// The name for programs.
    public var name: String
    /// Its version.
    public var version: String
    /// The name for people (2025-06-18).
    public var title: String?
    /// What it is, in a sentence (2025-11-25).
    public var description: String?
    /// Where to read more (2025-11-25).
    public var websiteURL: String?
    /// Pictures of it (2025-11-25).
    public var icons: [Icon]

    /// - Parameters:
    ///   - name: the name for programs.
    ///   - version: its version.
    ///   - title: the name for people.
    ///   - description: what it is, in a sentence.
    ///   - websiteURL: where to read more.
    ///   - icons: pictures of it.
    public init(
        name: String, version: String, title: String? = nil, description: String? = nil, websiteURL: String? = nil, icons: [Icon] = []
    ) {
        self.name = name
        self.version = version
        self.title = title
        self.description = description
        self.websiteURL = websiteURL
        self.icons = icons
    }

    /// Reads what a client sent; `nil` where it is no object with a name. A missing version is read as empty.
    public init?(_ value: JSONValue) {
        guard let name = value["name"]?.string else { return nil }
        self.init(
            name: name, version: value["version"]?.string ?? "", title: value["title"]?.string,
            description: value["description"]?.string, websiteURL: value["websiteUrl"]?.string)
    }

    /// The value as `revision` knows it.
    public func json(for revision: Revision) -> JSONValue {
        var object: JSONObject = ["name": .string(name), "version": .string(version)]
        if revision >= .v2025_06_18, let title { object["title"] = .string(title) }
        if revision >= .v2025_11_25 {
            if let description { object["description"] = .string(description) }
            if let websiteURL { object["websiteUrl"] = .string(websiteURL) }
            if !icons.isEmpty { object["icons"] = .array(icons.map(\.json)) }
        }
        return .object(object)
    }
}

/// A picture that a client may show (2025-11-25).
public struct Icon: Sendable, Hashable {
    /// For which background it is made.
    public enum Theme: String, Sendable, Hashable {
        case light
        case dark
    }

    /// An https or data URI.
    public var source: String
    /// Its media type, such as `image/png`.
    public var mimeType: String?
    /// Sizes such as `48x48`, or `any`.
    public var sizes: [String]
    /// For which background it is made; any, where absent.
    public var theme: Theme?

    /// - Parameters:
    ///   - source: an https or data URI.
    ///   - mimeType: its media type.
    ///   - sizes: sizes such as `48x48`, or `any`.
    ///   - theme: for which background it is made.
    public init(source: String, mimeType: String? = nil, sizes: [String] = [], theme: Theme? = nil) {
        self.source = source
        self.mimeType = mimeType
        self.sizes = sizes
        self.theme = theme
    }

    /// The icon as it stands on the wire.
    public var json: JSONValue {
        var object: JSONObject = ["src": .string(source)]
        if let mimeType { object["mimeType"] = .string(mimeType) }
        if !sizes.isEmpty { object["sizes"] = .array(sizes.map(JSONValue.string)) }
        if let theme { object["theme"] = .string(theme.rawValue) }
        return .object(object)
    }
}
