import JSON
import Testing

@testable import Authorization

@Suite struct JSONWebKeySetTests {
    private func read(_ keys: [JSONValue]) async throws -> JSONWebKeySet {
        try await JSONWebKeySet(json: JSONWriter.bytes(of: ["keys": .array(keys)]))
    }

    @Test func `keys of no use are left out and take no other with them`() async throws {
        let (good, second) = (try await TestKey.es256("1"), try await TestKey.rsa(nil))
        let changed = good.json.changed
        let useless: [JSONValue] = [
            changed(["use": "enc"]), changed(["key_ops": ["encrypt"]]), changed(["alg": "ES256K"]), changed(["crv": "secp256k1"]),
            changed(["crv": nil]), changed(["x": nil]), changed(["x": ""]), changed(["y": "AAAA"]), changed(["x": "!!"]), changed(["kty": nil]),
            changed(["kty": "RSA"]), changed(["kty": "OKP"]), changed(["alg": "HS256"]), changed(["x": good.json["y"] ?? nil]),
            ["kty": "oct", "k": "AAAA"], ["kty": "AKP", "alg": "ML-DSA-44"],
            ["kty": "RSA", "n": "AQAB", "e": "AQAB"], ["kty": "RSA", "n": "", "e": ""],
            ["kty": "RSA", "n": second.json["n"] ?? nil, "e": "AA"], ["kty": "OKP", "crv": "X25519", "x": "AAAA"],
            ["kty": "OKP", "crv": "Ed25519", "x": "AAAA"], nil, 1, "key", [],
        ]
        let set = try await read(useless + [good.json, second.json])
        #expect(set.count == 2)
        #expect(set.holds("1"))
        await #expect(throws: JSONWebKeySetError.noUsableKey(of: useless.count)) { try await read(useless) }
    }

    @Test func `a document that is none or has too many keys is refused`() async throws {
        await #expect(throws: JSONWebKeySetError.tooManyKeys(101)) { try await read(Array(repeating: nil, count: 101)) }
        await #expect(throws: JSONWebKeySetError.noUsableKey(of: 0)) { try await read([]) }
        for text in ["{}", "[]", #"{"keys":{}}"#] {
            await #expect(throws: JSONWebKeySetError.noKeys) { try await JSONWebKeySet(json: Array(text.utf8)) }
        }
        let error = await #expect(throws: JSONWebKeySetError.self) { try await JSONWebKeySet(json: Array("<html>".utf8)) }
        #expect(error?.description.contains("html") == false)
    }
}
