import JSON
import JWTKit

/// Where the keys come from that tokens are checked with.
public protocol KeySource: Sendable {
    /// The issuer's keys.
    ///
    /// - Parameter identifier: the `kid` of a token; a source that can looks again where none of the keys at hand has it.
    /// - Throws: where there are no keys and none can be had now.
    func keys(having identifier: String?) async throws -> JSONWebKeySet
}

/// The keys of an authorization server (RFC 7517 section 5), as far as tokens can be checked with them. As a ``KeySource`` it is a fixed
/// document, for servers that cannot reach their issuer.
public struct JSONWebKeySet: KeySource {
    /// Documents with more keys are refused.
    public static let maximumKeys = 100

    private let keys: [JSONWebKey]

    /// Reads a document; keys of other kinds and broken ones are left out.
    public init(json bytes: [UInt8]) async throws(JSONWebKeySetError) {
        let document: JSONValue
        do throws(JSONError) { document = try JSONReader(maximumDepth: 16).read(bytes) } catch { throw .notJSON(error.description) }
        guard let list = document["keys"]?.array else { throw .noKeys }
        guard list.count <= Self.maximumKeys else { throw .tooManyKeys(list.count) }
        var keys: [JSONWebKey] = []
        for item in list {
            if let key = await JSONWebKey(item) { keys.append(key) }
        }
        guard !keys.isEmpty else { throw .noUsableKey(of: list.count) }
        self.keys = keys
    }

    /// How many keys can be used.
    public var count: Int { keys.count }

    /// Itself: a fixed document has no other keys.
    public func keys(having identifier: String?) async -> JSONWebKeySet { self }

    /// Whether a key has this `kid`.
    func holds(_ identifier: String) -> Bool {
        keys.contains { $0.identifier == identifier }
    }

    /// What may have signed a token with this header. A token without `kid` may be by any key (RFC 7515 section 4.1.4), of which only some are
    /// tried, since each costs a signature check.
    func verifiers(identifier: String?, algorithm: SigningAlgorithm) -> [any JWTAlgorithm] {
        let fitting = keys.lazy.filter { identifier == nil || $0.identifier == identifier }.compactMap { $0.verifiers[algorithm] }
        return Array(fitting.prefix(8))
    }
}

/// Why a text is no key set.
public enum JSONWebKeySetError: Error, Sendable, Hashable, CustomStringConvertible {
    case notJSON(String)
    case noKeys
    case tooManyKeys(Int)
    case noUsableKey(of: Int)

    /// A clause about the document.
    public var description: String {
        switch self {
        case .notJSON(let reason): "the key set is not JSON: \(reason)"
        case .noKeys: "the key set has no member \"keys\" with a list"
        case .tooManyKeys(let count): "the key set has \(count) keys, over the limit of \(JSONWebKeySet.maximumKeys)"
        case .noUsableKey(let count): "none of the \(count) keys in the key set can check a signature of \(SigningAlgorithm.names)"
        }
    }
}
