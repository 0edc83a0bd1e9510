import HTTPTypes
import Listeners
import Testing

@testable import HTTPService

@Suite struct `Trusted proxies` {
    /// Two proxies in a row, of which the nearer one is 10.0.0.1.
    private static let proxies = TrustedProxies(["10.0.0.0/8", "fd00::/8"].compactMap { AddressBlock($0) })

    private static func client(
        _ fields: [(String, String)], from peer: String = "10.0.0.1", isSecure: Bool = false, of proxies: TrustedProxies = proxies
    ) throws -> TrustedProxies.Client {
        var headers = HTTPFields()
        for (name, value) in fields { headers.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value)) }
        return proxies.client(behind: TrustedProxies.Client(peer: peer, isSecure: isSecure), fields: headers)
    }

    @Test(arguments: [
        ("203.0.113.7", "203.0.113.7"),
        // What the client made up stands left of what the proxy saw.
        ("127.0.0.1, 203.0.113.7", "203.0.113.7"), ("10.0.0.9,203.0.113.7", "203.0.113.7"), ("garbage \" , 203.0.113.7", "203.0.113.7"),
        (",,,, 203.0.113.7", "203.0.113.7"),
        // Trusted hops are passed.
        ("203.0.113.7, 10.0.0.2", "203.0.113.7"), ("1.1.1.1, 203.0.113.7, 10.0.0.3,10.0.0.2", "203.0.113.7"),
        ("203.0.113.7, fd00::2", "203.0.113.7"),
        // Nobody but proxies: the furthest.
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
        // With ports, brackets, in any form.
        ("203.0.113.7:4711", "203.0.113.7"), ("[2001:DB8::7]:4711", "2001:db8::7"), ("[2001:db8::7]", "2001:db8::7"),
        ("2001:DB8:0::7", "2001:db8::7"), ("::ffff:203.0.113.7", "203.0.113.7"), ("203.0.113.7, ::ffff:10.0.0.2", "203.0.113.7"),
        ("\t203.0.113.7  ", "203.0.113.7"),
        // Whoever is hidden is as near as who told of him.
        ("unknown", "10.0.0.1"), ("unknown, 10.0.0.2", "10.0.0.2"), ("1.1.1.1, _hidden, 10.0.0.2", "10.0.0.2"),
    ])
    func `are believed up to the first who is none`(value: String, expected: String) throws {
        let client = try Self.client([("X-Forwarded-For", value)])
        #expect(client.peer == expected && client.address == InternetAddress(expected))
        #expect(client.isBehindProxy && client.malformed == nil)
    }

    @Test(arguments: [
        "", " ", ",", "203.0.113.7,", "localhost", "203.0.113", "203.0.113.7:", "203.0.113.7:port", "203.0.113.7:123456", "[203.0.113.7]",
        "[2001:db8::7", "2001:db8::7]", "[2001:db8::7]4711", "fe80::1%eth0", "203.0.113.7 10.0.0.2", "evil, 10.0.0.2", "_\u{e9}",
        "\"203.0.113.7\"", String(repeating: "1", count: 4000),
    ])
    func `stand for themselves where what they say cannot be read`(value: String) throws {
        let client = try Self.client([("X-Forwarded-For", value)])
        #expect(client.peer == "10.0.0.1" && client.malformed == .forwardedFor && client.isBehindProxy)
    }

    @Test func `are no more than 32 in a row`() throws {
        let hops = (0..<32).map { "10.0.1.\($0)" }
        #expect(try Self.client([("X-Forwarded-For", hops.joined(separator: ","))]).peer == "10.0.1.0")
        let more = try Self.client([("X-Forwarded-For", (["10.0.2.1"] + hops).joined(separator: ","))])
        #expect(more.peer == "10.0.0.1" && more.malformed == .forwardedFor)
    }

    @Test func `may write lines of their own, which are one list`() throws {
        let client = try Self.client([("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-For", "10.0.0.2")])
        #expect(client.peer == "203.0.113.7")
    }

    @Test(arguments: ["192.0.2.1", "2001:db8::1", "127.0.0.1", "unix", "fe80::1%eth0", "unknown"])
    func `are nobody else`(peer: String) throws {
        let fields = [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https"), ("Forwarded", "for=203.0.113.7;proto=https")]
        let client = try Self.client(fields, from: peer)
        #expect(client == TrustedProxies.Client(peer: peer, isSecure: false))
        #expect(try Self.client(fields, from: peer, of: TrustedProxies()) == client)
    }

    @Test func `may come over a unix socket where that is said`() throws {
        let fields = [("X-Forwarded-For", "203.0.113.7")]
        #expect(try Self.client(fields, from: "unix", of: TrustedProxies(trustsUnixSockets: true)).peer == "203.0.113.7")
        #expect(try Self.client(fields, from: "unknown", of: TrustedProxies(trustsUnixSockets: true)).peer == "unknown")
    }

    @Test func `that say nothing are programs beside the proxy`() throws {
        #expect(try Self.client([]) == TrustedProxies.Client(peer: "10.0.0.1", isSecure: false))
    }

    @Test(arguments: [
        ("for=203.0.113.7", "203.0.113.7"), ("For=\"203.0.113.7:4711\"", "203.0.113.7"), ("for=\"[2001:DB8::7]:4711\"", "2001:db8::7"),
        ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"), ("by=10.0.0.1; for=203.0.113.7", "203.0.113.7"),
        ("for=1.1.1.1, for=203.0.113.7", "203.0.113.7"), ("for=203.0.113.7, for=10.0.0.2;proto=https", "203.0.113.7"),
        // A client cannot swallow what the proxy writes behind it.
        ("for=\"1.1.1.1, for=203.0.113.7", "203.0.113.7"), ("for=\"\\, for=203.0.113.7", "203.0.113.7"), (";;,=, for=203.0.113.7", "203.0.113.7"),
        ("host=\"a,b;c\\\"\";for=203.0.113.7", "203.0.113.7"), ("for=\"203.0.113.\\7\"", "203.0.113.7"),
        ("for=unknown", "10.0.0.1"), ("for=\"_gazonk\", for=10.0.0.2", "10.0.0.2"), ("for=\"_gazonk:_port\"", "10.0.0.1"),
        ("proto=https", "10.0.0.1"),
    ])
    func `may say it as RFC 7239 has it`(value: String, expected: String) throws {
        let client = try Self.client([("Forwarded", value)])
        if value.contains("_port") { return #expect(client.malformed == .forwarded) }
        #expect(client.peer == expected && client.malformed == nil)
    }

    @Test(arguments: [
        "", "203.0.113.7", "for", "for=", "=203.0.113.7", "for=203.0.113.7;for=1.1.1.1", "for=\"203.0.113.7", "for=203.0.113.7\"",
        "for=2001:db8::7x", "for=203.0.113.7,", "for=203.0.113.7;", "for=203.0.113.7;proto=ftp", "for=203.0.113.7;proto=http;proto=https",
        "for=\"a\"b\"", "for=\"203.0.113.7\\\"",
    ])
    func `stand for themselves where Forwarded is not as its grammar has it`(value: String) throws {
        let client = try Self.client([("Forwarded", value)])
        #expect(client.peer == "10.0.0.1" && client.malformed == .forwarded)
    }

    @Test func `that write one list and pass on the client's other one are not taken in`() throws {
        let honest = try Self.client([("Forwarded", "for=203.0.113.7;proto=https"), ("X-Forwarded-For", "203.0.113.7")])
        #expect(honest.peer == "203.0.113.7" && honest.isSecure && honest.malformed == nil)
        let forged = try Self.client([("Forwarded", "for=127.0.0.1"), ("X-Forwarded-For", "203.0.113.7")])
        #expect(forged.peer == "10.0.0.1" && forged.malformed == .disagreement)
    }

    @Test(arguments: [
        ("203.0.113.7", "https", true), ("203.0.113.7", "HTTP", false), ("203.0.113.7, 10.0.0.2", "https, http", true),
        ("1.1.1.1, 203.0.113.7, 10.0.0.2", "https, http, https", false), ("1.1.1.1, 203.0.113.7", "https", true),
        ("203.0.113.7", "https, http", false), ("unknown", "https", true),
    ])
    func `say whether the client's own connection was secure`(list: String, proto: String, isSecure: Bool) throws {
        let client = try Self.client([("X-Forwarded-For", list), ("X-Forwarded-Proto", proto)], isSecure: !isSecure)
        #expect(client.isSecure == isSecure && client.malformed == nil)
    }

    @Test func `say it with nothing else too, and what they do not say is as their own connection`() throws {
        #expect(try Self.client([("X-Forwarded-Proto", "https")]).isSecure)
        #expect(try Self.client([("Forwarded", "proto=https")]).isSecure)
        #expect(try Self.client([("X-Forwarded-For", "203.0.113.7")], isSecure: true).isSecure)
        #expect(try Self.client([("X-Forwarded-Proto", "https")]).isBehindProxy)
    }

    @Test func `are believed about the address where a client's own word about security is let through`() throws {
        let client = try Self.client([("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "wss")])
        #expect(client.peer == "203.0.113.7" && client.malformed == .proto && !client.isSecure)
        #expect(try Self.client([("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "")]).malformed == .proto)
    }
}
