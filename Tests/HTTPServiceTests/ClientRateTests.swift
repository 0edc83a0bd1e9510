import Access
import Listeners
import Testing

@testable import HTTPService

@Suite struct `Rate of a client` {
    private static let start = ContinuousClock.now
    private static let alice = Principal(name: "token:alice", scopes: [.read])

    private static func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    private static func client(_ peer: String, isBehindProxy: Bool = false) -> TrustedProxies.Client {
        var client = TrustedProxies.Client(peer: peer, isSecure: false)
        client.isBehindProxy = isBehindProxy
        return client
    }

    /// How many of a hundred requests at once are let through.
    private static func admitted(
        _ rates: inout ClientRates, _ peer: String, of principal: Principal = .anonymous, isProbe: Bool = false, isBehindProxy: Bool = false,
        at seconds: Double = 0
    ) -> Int {
        (0..<100).count { _ in
            rates.request(of: principal, isProbe: isProbe, from: client(peer, isBehindProxy: isBehindProxy), at: at(seconds)) == .admitted
        }
    }

    @Test func `is a minute's worth at once, and then one at a time`() {
        var rates = ClientRates(RequestRate(perMinute: 30))
        #expect(Self.admitted(&rates, "192.0.2.1") == 30)
        #expect(Self.admitted(&rates, "192.0.2.1", at: 1.9) == 0)
        #expect(Self.admitted(&rates, "192.0.2.1", at: 2) == 1)
        #expect(Self.admitted(&rates, "192.0.2.1", at: 12) == 5)
        #expect(Self.admitted(&rates, "192.0.2.1", at: 10_000) == 30)
        // A clock that does not go on, or goes back, gives nothing.
        #expect(Self.admitted(&rates, "192.0.2.1", at: 9000) == 0)
    }

    @Test func `tells in whole seconds when to come again, and then the request is let through`() {
        var rates = ClientRates(RequestRate(perMinute: 2))
        let client = Self.client("192.0.2.1")
        var verdict = ClientRates.Verdict.admitted
        for _ in 0..<3 { verdict = rates.request(of: .anonymous, isProbe: false, from: client, at: Self.at(0)) }
        #expect(verdict == .refused(wait: 30, perMinute: 2))
        #expect(rates.request(of: .anonymous, isProbe: false, from: client, at: Self.at(0.5)) == .refused(wait: 30, perMinute: 2))
        #expect(rates.request(of: .anonymous, isProbe: false, from: client, at: Self.at(29.9)) == .refused(wait: 1, perMinute: 2))
        #expect(rates.request(of: .anonymous, isProbe: false, from: client, at: Self.at(30)) == .admitted)
    }

    @Test func `is each token's where it has a name, whatever the address`() {
        var rates = ClientRates(RequestRate(perMinute: 10))
        #expect(Self.admitted(&rates, "192.0.2.1", of: Self.alice) == 10)
        #expect(Self.admitted(&rates, "192.0.2.2", of: Self.alice) == 0)
        #expect(Self.admitted(&rates, "192.0.2.1", of: Principal(name: "token:bob", scopes: [])) == 10)
        #expect(Self.admitted(&rates, "192.0.2.1") == 10)
    }

    @Test func `is each address's else, and that of a whole /64 for IPv6`() {
        var rates = ClientRates(RequestRate(perMinute: 10))
        #expect(Self.admitted(&rates, "192.0.2.1") == 10)
        #expect(Self.admitted(&rates, "192.0.2.2") == 10)
        #expect(Self.admitted(&rates, "2001:db8::1") == 10)
        #expect(Self.admitted(&rates, "2001:db8::ffff:2") == 0)
        #expect(Self.admitted(&rates, "2001:db8:0:1::1") == 10)
        #expect(Self.admitted(&rates, "fe80::1%eth0") == 10)
        #expect(Self.admitted(&rates, "fe80::1%eth1") == 10)
    }

    @Test(arguments: ["127.0.0.1", "127.9.9.9", "::1", "unix"])
    func `has no bound on this host unless it is asked for`(peer: String) {
        var rates = ClientRates(RequestRate(perMinute: 10))
        #expect(Self.admitted(&rates, peer) == 100)
        #expect(Self.admitted(&rates, peer, of: Self.alice) == 100)
        var strict = ClientRates(RequestRate(perMinute: 10, sparesLoopback: false))
        #expect(Self.admitted(&strict, peer) == 10)
        #expect(Self.admitted(&strict, peer, isProbe: true) == 100)
    }

    @Test func `holds for whoever comes through a proxy on this host`() {
        var rates = ClientRates(RequestRate(perMinute: 10))
        #expect(Self.admitted(&rates, "127.0.0.1", isBehindProxy: true) == 10)
        #expect(Self.admitted(&rates, "127.0.0.1", isProbe: true, isBehindProxy: true) == 0)
    }

    @Test func `holds for probes from elsewhere, and for nobody where it is off`() {
        var rates = ClientRates(RequestRate(perMinute: 10))
        #expect(Self.admitted(&rates, "192.0.2.1", isProbe: true) == 10)
        var off = ClientRates(RequestRate(perMinute: nil, sparesLoopback: false))
        #expect(Self.admitted(&off, "192.0.2.1") == 100)
        #expect(off.failedLogin(from: Self.client("192.0.2.1"), at: Self.at(0)) == .admitted)
    }

    @Test func `is tighter for wrong tokens, for each peer, and apart from the rest`() {
        var rates = ClientRates(RequestRate(perMinute: 10, sparesLoopback: false, failedLoginsPerMinute: 3))
        func failures(_ peer: String, at seconds: Double = 0) -> Int {
            (0..<10).count { _ in rates.failedLogin(from: Self.client(peer), at: Self.at(seconds)) == .admitted }
        }
        #expect(failures("192.0.2.1") == 3 && failures("192.0.2.2") == 3 && failures("127.0.0.1") == 3)
        #expect(failures("192.0.2.1", at: 20) == 1)
        #expect(Self.admitted(&rates, "192.0.2.1", of: Self.alice) == 10)
        #expect(Self.admitted(&rates, "192.0.2.1") == 10)
        rates = ClientRates(RequestRate(failedLoginsPerMinute: 3))
        #expect(failures("127.0.0.1") == 10 && failures("192.0.2.1") == 3)
    }
}

@Suite struct `Table of token buckets` {
    private static let start = ContinuousClock.now

    @Test func `never holds more than it may, and forgets full buckets first`() {
        var buckets = TokenBuckets(perMinute: 60, capacity: 8)
        for number in 0..<4 { _ = buckets.take(for: .peer("idle\(number)"), at: Self.start) }
        let later = Self.start + .seconds(10)
        for number in 0..<4 {
            for _ in 0..<60 { _ = buckets.take(for: .peer("busy\(number)"), at: later) }
        }
        #expect(buckets.count == 8)
        // The idle ones are full again: forgetting them changes nothing.
        #expect(buckets.take(for: .peer("new"), at: later) == .admitted)
        #expect(buckets.count == 5)
        for number in 0..<4 {
            #expect(buckets.take(for: .peer("busy\(number)"), at: later) != .admitted)
        }
    }

    @Test func `forgets those that were asked for longest ago where none is full`() {
        var buckets = TokenBuckets(perMinute: 2, capacity: 8)
        for number in 0..<8 {
            for _ in 0..<2 { _ = buckets.take(for: .peer("\(number)"), at: Self.start + .milliseconds(number)) }
        }
        let now = Self.start + .milliseconds(10)
        #expect(buckets.take(for: .peer("new"), at: now) == .admitted)
        #expect(buckets.count == 8)
        #expect(buckets.take(for: .peer("1"), at: now) != .admitted)
        #expect(buckets.take(for: .peer("0"), at: now) == .admitted)
    }

    @Test func `stays small under a hundred thousand clients`() {
        var buckets = TokenBuckets(perMinute: 60)
        for number in 0..<100_000 { _ = buckets.take(for: .address(.ipv6(high: UInt64(number), low: 0)), at: Self.start) }
        #expect(buckets.count <= TokenBuckets.defaultCapacity)
    }
}
