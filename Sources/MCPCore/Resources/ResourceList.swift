import JSON
import Synchronization

/// The resources of a server. They may come and go while it serves; clients that listen are told.
public final class ResourceList: Sendable {
    /// Gives more resources whenever they are listed; for those that are found by asking a store.
    public typealias Source = @Sendable (_ context: RequestContext) async throws -> [Resource]

    private let list = NamedList<Resource>(name: { $0.uri })
    private let registeredTemplates = NamedList<RegisteredTemplate>(name: { $0.template.uriTemplate })
    private let sources = Mutex<[Source]>([])
    private let changes: ChangeFeed

    init(changes: ChangeFeed) { self.changes = changes }

    /// Offers one more resource.
    ///
    /// - Throws: ``RegistrationError`` where its URI is none, and for a second one of the same URI.
    public func add(_ resource: Resource) throws(RegistrationError) {
        try register(resource)
        changes.announce(.resources)
    }

    /// Offers a family of resources.
    ///
    /// - Throws: ``RegistrationError`` where the template cannot be read.
    public func add(_ template: ResourceTemplate) throws(RegistrationError) {
        try register(template)
        changes.announce(.resources)
    }

    /// Lists what `source` gives behind all others. What it lists is read by itself or by a template.
    public func add(source: @escaping Source) { sources.withLock { $0.append(source) } }

    /// Offers a resource, or a template, no longer.
    ///
    /// - Returns: false where there is none of that URI.
    @discardableResult public func remove(_ uri: String) -> Bool {
        guard list.remove(uri) || registeredTemplates.remove(uri) else { return false }
        changes.announce(.resources)
        return true
    }

    /// Tells whoever subscribed that a resource holds something else now.
    public func changed(_ uri: String) { changes.announce(.resource(uri: uri)) }

    /// Whether there is none, and no template either.
    public var isEmpty: Bool { list.isEmpty && registeredTemplates.isEmpty && sources.withLock { $0.isEmpty } }

    func register(_ resource: Resource) throws(RegistrationError) {
        guard isURI(resource.uri) else { throw .invalidURI(resource.uri) }
        guard list.add(resource) else { throw .duplicateName(resource.uri) }
    }

    func register(_ template: ResourceTemplate) throws(RegistrationError) {
        guard registeredTemplates.add(try RegisteredTemplate(template)) else { throw .duplicateName(template.uriTemplate) }
    }

    func all(_ context: RequestContext) async throws -> [Resource] {
        var all = list.all
        for source in sources.withLock({ $0 }) { all += try await source(context) }
        return all
    }

    var templates: [RegisteredTemplate] { registeredTemplates.all }
    func template(_ text: String) -> RegisteredTemplate? { registeredTemplates[text] }

    /// What a URI names; `nil` where it names nothing.
    func contents(of uri: String, _ context: RequestContext) async throws -> [ResourceContents]? {
        if let resource = list[uri] { return try await resource.read(context) }
        for template in registeredTemplates.all {
            guard let variables = template.pattern.match(uri) else { continue }
            if let contents = try await template.template.read(variables, context) { return contents }
        }
        for source in sources.withLock({ $0 }) {
            if let resource = try await source(context).first(where: { $0.uri == uri }) { return try await resource.read(context) }
        }
        return nil
    }
}

/// A template that was found good.
struct RegisteredTemplate: Sendable {
    let template: ResourceTemplate
    let pattern: URITemplate

    init(_ template: ResourceTemplate) throws(RegistrationError) {
        self.template = template
        pattern = try URITemplate(template.uriTemplate)
        for variable in template.completions.keys where !pattern.variables.contains(variable) {
            throw .invalidTemplate(template.uriTemplate, reason: "it has no variable {\(variable)} that could be completed")
        }
    }
}
