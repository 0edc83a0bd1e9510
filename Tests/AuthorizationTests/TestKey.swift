import Access
import Authorization
import Crypto
import CryptoExtras
import JSON
import JWTKit

/// A key pair of an authorization server that exists only here.
struct TestKey: Sendable {
    let identifier: String?
    let name: String
    let algorithm: any JWTAlgorithm
    /// The public half as it is published.
    let json: JSONValue

    private init(_ name: String, _ identifier: String?, _ members: JSONValue, _ add: (JWTKeyCollection) async throws -> Void) async throws {
        let collection = JWTKeyCollection()
        try await add(collection)
        algorithm = try await collection.getKey()
        self.name = name
        self.identifier = identifier
        var object = members.object ?? JSONObject()
        if let identifier { object["kid"] = .string(identifier) }
        json = .object(object)
    }

    static func es256(_ identifier: String?) async throws -> TestKey {
        let key = P256.Signing.PrivateKey()
        return try await TestKey("ES256", identifier, curve("P-256", Array(key.publicKey.rawRepresentation))) {
            _ = await $0.add(ecdsa: try ES256PrivateKey(backing: key))
        }
    }

    static func es384(_ identifier: String?) async throws -> TestKey {
        let key = P384.Signing.PrivateKey()
        return try await TestKey("ES384", identifier, curve("P-384", Array(key.publicKey.rawRepresentation))) {
            _ = await $0.add(ecdsa: try ES384PrivateKey(backing: key))
        }
    }

    static func es512(_ identifier: String?) async throws -> TestKey {
        let key = P521.Signing.PrivateKey()
        return try await TestKey("ES512", identifier, curve("P-521", Array(key.publicKey.rawRepresentation))) {
            _ = await $0.add(ecdsa: try ES512PrivateKey(backing: key))
        }
    }

    static func eddsa(_ identifier: String?) async throws -> TestKey {
        let key = Curve25519.Signing.PrivateKey()
        let members: JSONValue = ["kty": "OKP", "crv": "Ed25519", "x": .string(base64URL(key.publicKey.rawRepresentation))]
        return try await TestKey("EdDSA", identifier, members) { _ = await $0.add(eddsa: EdDSA.PrivateKey(backing: key)) }
    }

    /// - Parameter isPSS: whether it signs with PS256 rather than RS256.
    static func rsa(_ identifier: String?, isPSS: Bool = false, digest: DigestAlgorithm = .sha256) async throws -> TestKey {
        let key = try Insecure.RSA.PrivateKey(backing: _RSA.Signing.PrivateKey(keySize: .bits2048))
        let (n, e) = try key.publicKey.getKeyPrimitives()
        let members: JSONValue = ["kty": "RSA", "use": "sig", "n": .string(base64URL(n)), "e": .string(base64URL(e))]
        let size = digest == .sha256 ? "256" : digest == .sha384 ? "384" : "512"
        return try await TestKey((isPSS ? "PS" : "RS") + size, identifier, members) {
            if isPSS {
                _ = await $0.add(pss: key, digestAlgorithm: digest)
            } else {
                _ = await $0.add(rsa: key, digestAlgorithm: digest)
            }
        }
    }

    private static func curve(_ name: String, _ point: [UInt8]) -> JSONValue {
        let half = point.count / 2
        return ["kty": "EC", "crv": .string(name), "x": .string(base64URL(point.prefix(half))), "y": .string(base64URL(point.suffix(half)))]
    }

    /// A signed token. `header` replaces members of the usual one; `null` removes one.
    func token(_ claims: JSONValue, header: JSONValue = [:]) throws -> String {
        var members: JSONObject = ["alg": .string(name), "typ": "JWT"]
        if let identifier { members["kid"] = .string(identifier) }
        let signed = base64URL(JSONWriter.bytes(of: .object(members).changed(header))) + "." + base64URL(JSONWriter.bytes(of: claims))
        return signed + "." + base64URL(try algorithm.sign(Array(signed.utf8)))
    }
}

/// The key set of these keys.
func keySet(_ keys: TestKey...) -> JSONValue {
    ["keys": .array(keys.map(\.json))]
}

func base64URL(_ bytes: some Sequence<UInt8>) -> String { Base64.url.encode(Array(bytes)) }

let issuer = "https://auth.example.com/realms/one"
let resource = "https://mcp.example.com/mcp"
/// The hour in which the tests take place.
let hour = 1_800_000_000.0

/// Claims of a good token, with changes; `null` removes one.
func claims(_ changes: JSONValue = [:]) -> JSONValue {
    let members: JSONValue = [
        "iss": .string(issuer), "aud": .string(resource), "sub": "u1", "exp": .integer(Int64(hour) + 600), "scope": "read",
    ]
    return members.changed(changes)
}

extension JSONValue {
    /// An object with other members; `null` removes one.
    func changed(_ changes: JSONValue) -> JSONValue {
        var members = object ?? JSONObject()
        for member in changes.object?.members ?? [] {
            members[member.key] = member.value.isNull ? Optional<JSONValue>.none : member.value
        }
        return .object(members)
    }
}

extension JWTAuthenticator {
    /// One for the resource and issuer of the tests.
    static func test(
        _ keys: any KeySource, issuer: String = issuer, otherAudiences: [String] = [], hierarchy: ScopeHierarchy = .standard,
        at time: Double = hour
    ) throws -> JWTAuthenticator {
        try JWTAuthenticator(
            issuer: issuer, resource: resource, otherAudiences: otherAudiences, keys: keys, hierarchy: hierarchy, now: { time })
    }

    func verdict(_ token: String) async -> Authentication { await authenticate(authorization: "Bearer \(token)") }
}

extension JSONWebKeySet {
    init(_ keys: TestKey...) async throws {
        try await self.init(json: JSONWriter.bytes(of: ["keys": .array(keys.map(\.json))]))
    }
}
