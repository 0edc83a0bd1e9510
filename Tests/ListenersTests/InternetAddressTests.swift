import Diagnosis
import Listeners
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct `Internet address` {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("::FFFF:10.0.0.7", "::ffff:10.0.0.7"), ("2001:DB8:0:0::5", "2001:db8::5"),
    ])
    func `is read and written`(text: String, expected: String) {
        #expect(InternetAddress(text)?.description == expected)
    }

    @Test(arguments: ["", "localhost", "127.1", "1.2.3.4.5", "256.0.0.1", "[::1]", "::1%lo", "fe80::1%eth0", "1.2.3.4\0", " 1.2.3.4"])
    func `is nothing but a literal`(text: String) {
        #expect(InternetAddress(text) == nil)
    }

    @Test func `has one form for an IPv4 peer on either socket`() throws {
        let mapped = try #require(InternetAddress("::ffff:192.0.2.1"))
        #expect(mapped.canonical == InternetAddress("192.0.2.1"))
        #expect(mapped.canonical.family == .ipv4)
        #expect(InternetAddress.loopback6.canonical == .loopback6)
    }

    @Test(arguments: [
        ("127.9.9.9", true), ("::1", true), ("::ffff:127.0.0.1", true), ("128.0.0.1", false), ("::", false), ("0.0.0.0", false),
    ])
    func `knows loopback`(text: String, isLoopback: Bool) throws {
        #expect(try #require(InternetAddress(text)).isLoopback == isLoopback)
    }
}

@Suite struct `Bind plan` {
    @Test func `has both families for a word and one for a literal`() {
        let plan = BindPlan([.localhost(port: 8000), .literal(.any6, port: 9000)])
        #expect(
            plan.groups.map(\.endpoints) == [
                [.internet(.loopback4, port: 8000), .internet(.loopback6, port: 8000)], [.internet(.any6, port: 9000)],
            ])
        #expect(plan.groups.map(\.isDerived) == [true, false])
    }

    @Test func `leaves out what is said twice or covered by a wildcard`() {
        let plan = BindPlan([
            .literal(.loopback4, port: 8000), .all(port: 8000), .localhost(port: 8000), .all(port: 8000), .descriptor(3), .descriptor(3),
        ])
        #expect(plan.groups.map(\.endpoints) == [[.internet(.any4, port: 8000), .internet(.any6, port: 8000)]])
        #expect(plan.descriptors == [3])
    }

    @Test func `keeps every port 0, which is another port each time`() {
        #expect(BindPlan([.localhost(port: 0), .all(port: 0)]).groups.count == 2)
    }

    @Test func `takes a mapped literal for the IPv4 address that it is`() throws {
        let mapped = try #require(InternetAddress("::ffff:127.0.0.1"))
        #expect(BindPlan([.literal(mapped, port: 1)]).groups.first?.endpoints == [.internet(.loopback4, port: 1)])
    }
}

@Suite struct `Family reach` {
    @Test(arguments: [("EADDRNOTAVAIL", EADDRNOTAVAIL), ("ENETUNREACH", ENETUNREACH), ("EAFNOSUPPORT", EAFNOSUPPORT)])
    func `is absent where the host has no address of the family`(name: String, code: CInt) {
        let reach = FamilyReach(dialling: .internet(.loopback6, port: 8000), code: code)
        #expect(reach == .absent(reason: "this host has no address of the family (\(name) at [::1]:8000)"))
        #expect(reach.status == .warning)
    }

    @Test(arguments: [ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ECONNRESET])
    func `is unreachable where an address is there and nobody answers`(code: CInt) {
        #expect(FamilyReach(dialling: .internet(.loopback4, port: 8000), code: code).status == .failed)
    }
}
