import JSON
import JWTKit

/// A published key (RFC 7517 section 4) with the algorithms it may be used with.
struct JSONWebKey: Sendable {
    let identifier: String?
    let verifiers: [SigningAlgorithm: any JWTAlgorithm]

    /// `nil` where the key is of no use here: for encryption, symmetric, of an unknown curve, too short, or broken.
    ///
    /// Only the public parts are read, and for each algorithm a collection of its own is asked: those of jwt-kit refuse a whole document for
    /// one key of an unknown kind, take the first key where no `kid` fits, and keep the first algorithm that a key was used with.
    init?(_ json: JSONValue) async {
        guard json["use"]?.string ?? "sig" == "sig" else { return nil }
        if let operations = json["key_ops"]?.array, !operations.contains(.string("verify")) { return nil }
        let type = json["kty"]?.string
        let curve = json["crv"]?.string
        var verifiers: [SigningAlgorithm: any JWTAlgorithm] = [:]
        for algorithm in SigningAlgorithm.allCases where algorithm.kind.type == type && (algorithm.kind.curve ?? curve) == curve {
            if let only = json["alg"]?.string, SigningAlgorithm(name: only) != algorithm { continue }
            verifiers[algorithm] = await Self.verifier(json, algorithm)
        }
        guard !verifiers.isEmpty else { return nil }
        self.verifiers = verifiers
        identifier = json["kid"]?.string
    }

    private static func verifier(_ json: JSONValue, _ algorithm: SigningAlgorithm) async -> (any JWTAlgorithm)? {
        guard let name = JWK.Algorithm(rawValue: algorithm.rawValue) else { return nil }
        let identifier = JWKIdentifier(string: "key")
        let curve = json["crv"]?.string
        let key: JWK =
            switch algorithm.kind.type {
            case "RSA": .rsa(name, identifier: identifier, modulus: json["n"]?.string, exponent: json["e"]?.string)
            case "EC":
                .ecdsa(
                    name, identifier: identifier, x: json["x"]?.string, y: json["y"]?.string, curve: curve.flatMap(ECDSACurve.init(rawValue:)))
            default:
                .octetKeyPair(
                    name, identifier: identifier, x: json["x"]?.string, y: nil, curve: curve.flatMap(EdDSACurve.init(rawValue:)))
            }
        let collection = JWTKeyCollection()
        do {
            _ = try await collection.add(jwk: key)
            return try await collection.getKey(for: identifier)
        } catch {
            return nil
        }
    }
}
