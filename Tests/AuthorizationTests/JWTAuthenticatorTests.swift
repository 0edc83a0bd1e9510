import Access
import Crypto
import JSON
import JWTKit
import Synchronization
import Testing

@testable import Authorization

@Suite struct JWTAuthenticatorTests {
    @Test func `a token of the issuer for this resource is accepted, with every asymmetric algorithm`() async throws {
        let keys = [
            try await TestKey.rsa("1"), try await .rsa("2", isPSS: true), try await .es256("3"), try await .es384("4"), try await .es512("5"),
            try await .eddsa("6"), try await .rsa("7", digest: .sha384), try await .rsa("8", isPSS: true, digest: .sha512),
        ]
        let set = try await JSONWebKeySet(json: JSONWriter.bytes(of: ["keys": .array(keys.map(\.json))]))
        #expect(set.count == keys.count)
        let access = try JWTAuthenticator.test(set)
        for key in keys {
            let verdict = await access.verdict(try key.token(claims()))
            #expect(verdict == .accepted(Principal(name: "sub:auth.example.com/realms/one:u1", scopes: [.read])), "\(key.name)")
        }
    }

    @Test func `the audience is this resource, alone or among others, however it is written`() async throws {
        let key = try await TestKey.es256("1")
        let access = try await JWTAuthenticator.test(JSONWebKeySet(key), otherAudiences: ["api://memory"])
        let good: [JSONValue] = [
            .string(resource), "HTTPS://MCP.Example.com/mcp/", "https://mcp.example.com:443/mcp", ["https://other.example", .string(resource)],
            "api://memory",
        ]
        for audience in good {
            guard case .accepted = await access.verdict(try key.token(claims(["aud": audience]))) else {
                Issue.record("refused \(audience)")
                continue
            }
        }
        let bad: [JSONValue] = [
            "https://mcp.example.com", "https://mcp.example.com/mcp/x", "https://mcp.example.com/MCP", "http://mcp.example.com/mcp",
            "https://mcp.example.com/mcp#a", "https://mcp.example.com/mcp?a", "https://mcp.example.com.evil.example/mcp", "", [], 1, nil,
            [["a"]], "API://memory", "https://user@mcp.example.com/mcp", "https://mcp.example.com:8443/mcp",
        ]
        for audience in bad {
            let verdict = await access.verdict(try key.token(claims(["aud": audience])))
            #expect(verdict == .invalid(reason: "the token was made out for another resource"), "\(audience)")
        }
    }

    @Test func `a token of another issuer is refused before any key is looked for`() async throws {
        let key = try await TestKey.es256("1")
        let keys = CountedKeys(try await JSONWebKeySet(key))
        let access = try JWTAuthenticator.test(keys)
        for other: JSONValue in ["https://auth.example.com/realms/two", "https://auth.example.com/realms/one/", "", nil, 1, ["a"]] {
            let verdict = await access.verdict(try key.token(claims(["iss": other])))
            #expect(verdict == .invalid(reason: "the token comes from another issuer"), "\(other)")
        }
        #expect(keys.count == 0)
    }

    @Test func `expiry and start count with a leeway of a minute, and there must be an expiry`() async throws {
        let key = try await TestKey.es256("1")
        let access = try await JWTAuthenticator.test(JSONWebKeySet(key))
        let now = Int64(hour)
        let expired = Authentication.invalid(reason: "the token has expired")
        let early = Authentication.invalid(reason: "the token is not valid yet")
        let endless = Authentication.invalid(reason: "the token has no expiry")
        let cases: [(JSONValue, Authentication?)] = [
            (["exp": .integer(now - 59)], nil), (["exp": .integer(now - 60)], expired), (["exp": 0], expired), (["exp": -1e300], expired),
            (["nbf": .integer(now + 60)], nil), (["nbf": .integer(now + 61)], early), (["nbf": 1e300], early),
            (["exp": .double(hour + 0.5)], nil), (["exp": nil], endless), (["exp": "9999999999"], endless), (["exp": .number("1e999")], endless),
            (["nbf": "soon"], .invalid(reason: "the token is not well-formed")),
        ]
        for (changes, expected) in cases {
            let verdict = await access.verdict(try key.token(claims(changes)))
            if let expected {
                #expect(verdict == expected, "\(changes)")
            } else if case .accepted = verdict {
            } else {
                Issue.record("\(changes): \(verdict)")
            }
        }
    }

    @Test func `no token passes without a signature or with one that anybody can make`() async throws {
        let key = try await TestKey.rsa("1")
        // A shared key in the document must not help either.
        let secret = base64URL("0123456789abcdef0123456789abcdef".utf8)
        let set = try await JSONWebKeySet(
            json: JSONWriter.bytes(of: ["keys": [key.json, ["kty": "oct", "kid": "2", "alg": "HS256", "k": .string(secret)]]]))
        #expect(set.count == 1)
        let access = try JWTAuthenticator.test(set)
        let refused = Authentication.invalid(reason: "the token is signed with an algorithm that is not accepted")
        let good = try key.token(claims())
        let parts = good.split(separator: ".").map(String.init)

        for name in ["none", "None", "NONE", "nOnE", ""] {
            let header = base64URL(JSONWriter.bytes(of: ["alg": .string(name), "kid": "1"]))
            #expect(await access.verdict("\(header).\(parts[1]).") == refused)
            #expect(await access.verdict("\(header).\(parts[1]).\(parts[2])") == refused)
        }
        // The public key as the secret of an HMAC, in the forms in which an attacker has it (RFC 8725 section 2.1).
        let modulus = key.json["n"]?.string ?? ""
        for text in [modulus, JSONWriter.string(of: key.json), "0123456789abcdef0123456789abcdef"] {
            for name in ["HS256", "HS384", "HS512"] {
                for identifier in ["1", "2"] {
                    let header = base64URL(JSONWriter.bytes(of: ["alg": .string(name), "kid": .string(identifier)]))
                    let code = HMAC<SHA256>.authenticationCode(for: Array("\(header).\(parts[1])".utf8), using: SymmetricKey(data: Array(text.utf8)))
                    #expect(await access.verdict("\(header).\(parts[1]).\(base64URL(code))") == refused)
                }
            }
        }
        let wrong = Authentication.invalid(reason: "the token's signature is not valid")
        #expect(await access.verdict("\(parts[0]).\(parts[1]).") == wrong)
        #expect(await access.verdict("\(parts[0]).\(parts[1]).AAAA") == wrong)
        let other = base64URL(JSONWriter.bytes(of: claims(["sub": "admin"])))
        #expect(await access.verdict("\(parts[0]).\(other).\(parts[2])") == wrong)
    }

    @Test func `a key is used with its own algorithm and under its own name`() async throws {
        let key = try await TestKey.rsa("1")
        var json = key.json.object ?? [:]
        json["alg"] = "PS256"
        let access = try await JWTAuthenticator.test(JSONWebKeySet(json: JSONWriter.bytes(of: ["keys": [.object(json)]])))
        let unknown = Authentication.invalid(reason: "the token is signed with a key that its issuer does not publish")
        #expect(await access.verdict(try key.token(claims())) == unknown)

        let curve = try await TestKey.es256("1")
        let both = try await JWTAuthenticator.test(JSONWebKeySet(key, curve))
        #expect(await both.verdict(try curve.token(claims(), header: ["kid": "2"])) == unknown)
        #expect(await both.verdict(try curve.token(claims(), header: ["alg": "ES384"])) == unknown)
        for good in [key, curve] {
            // Without `kid` every key that fits is tried.
            guard case .accepted = await both.verdict(try good.token(claims(), header: ["kid": nil])) else {
                Issue.record("refused \(good.name) without kid")
                continue
            }
        }
    }

    @Test func `headers that change what a token means are refused`() async throws {
        let key = try await TestKey.es256("1")
        let access = try await JWTAuthenticator.test(JSONWebKeySet(key))
        let cases: [(JSONValue, String)] = [
            (["crit": ["b64"], "b64": false], "the token asks for an extension that is not known"),
            (["crit": []], "the token asks for an extension that is not known"),
            (["typ": "dpop+jwt"], "the token is not an access token"), (["typ": "logout+jwt"], "the token is not an access token"),
            (["typ": 1], "the token is not an access token"), (["alg": nil], "the token is signed with an algorithm that is not accepted"),
        ]
        for (header, reason) in cases {
            #expect(await access.verdict(try key.token(claims(), header: header)) == .invalid(reason: reason), "\(header)")
        }
        for type: JSONValue in ["at+jwt", "application/AT+JWT", nil] {
            guard case .accepted = await access.verdict(try key.token(claims(), header: ["typ": type])) else {
                Issue.record("refused \(type)")
                continue
            }
        }
    }

    @Test func `a header that is no bearer token is told apart from a token that is not valid`() async throws {
        let key = try await TestKey.es256("1")
        let access = try await JWTAuthenticator.test(JSONWebKeySet(key))
        let token = try key.token(claims())
        for header in [nil, "", "Basic dXNlcjpwYXNz", token] { #expect(await access.authenticate(authorization: header) == .missing) }
        let long = "Bearer \(token)" + String(repeating: "A", count: 16 * 1024)
        for header in ["Bearer", "Bearer  ", "Bearer \(token) \(token)", "Bearer \(token), Bearer \(token)", "Bearer a\u{7F}", long] {
            guard case .malformed(let reason) = await access.authenticate(authorization: header) else {
                Issue.record("\(header.prefix(20)) is not malformed")
                continue
            }
            #expect(!reason.contains(token))
        }
        let objects = ["[]", "{\"alg\":\"ES256\",\"alg\":\"ES256\"}", "{", "\"a\"", "{\"alg\":\"ES256\"}x"].map { base64URL($0.utf8) }
        let shapes = ["x", "ey.ey.ey", "ey..", "ey.ey", "e30.e30.e30.e30.e30", "\(token).", "\(token)=", "eyJ!.e30.e30"]
        for text in shapes + objects.map({ "\($0).e30.AAAA" }) {
            guard case .invalid = await access.verdict(text) else {
                Issue.record("\(text.prefix(20)) is not invalid")
                continue
            }
        }
        #expect(await access.authenticate(authorization: "bEARER \(token)") == access.verdict(token))
    }

    @Test func `no byte of a token, changed or cut, lets it pass or stops the server`() async throws {
        let key = try await TestKey.es256("1")
        let access = try await JWTAuthenticator.test(JSONWebKeySet(key))
        let token = Array(try key.token(claims()).utf8)
        for place in token.indices where token[place] != UInt8(ascii: ".") {
            var changed = token
            changed[place] = changed[place] == UInt8(ascii: "A") ? UInt8(ascii: "Q") : UInt8(ascii: "A")
            if case .accepted = await access.verdict(String(decoding: changed, as: UTF8.self)) { Issue.record("passed with byte \(place) changed") }
            if case .accepted = await access.verdict(String(decoding: token.prefix(place), as: UTF8.self)) { Issue.record("passed cut at \(place)") }
        }
    }
}

/// Counts how often it is asked.
final class CountedKeys: KeySource {
    private let asked = Atomic<Int>(0)
    private let set: JSONWebKeySet

    init(_ set: JSONWebKeySet) { self.set = set }

    var count: Int { asked.load(ordering: .relaxed) }

    func keys(having identifier: String?) async throws -> JSONWebKeySet {
        asked.add(1, ordering: .relaxed)
        return set
    }
}
