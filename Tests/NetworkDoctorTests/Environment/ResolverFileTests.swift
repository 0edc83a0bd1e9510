import Listeners
import Testing

@testable import NetworkDoctor

@Suite("Files of the resolver")
struct ResolverFileTests {
    @Test func `hosts(5) gives addresses with their names, and passes over what it cannot read`() {
        let text = """
            # comment
            127.0.0.1   localhost  # rest
            ::1\tLocalHost ip6-localhost
            fe80::1%lo0 link
            not-an-address name
            10.0.0.1

            """
        let loopback = EnvironmentFacts.HostsLine(address: .loopback4, names: ["localhost"])
        let lines = HostsFile.lines(in: text)
        #expect(lines.first == loopback)
        #expect(lines.map(\.address.description) == ["127.0.0.1", "::1", "fe80::1"])
        #expect(lines.map(\.names) == [["localhost"], ["localhost", "ip6-localhost"], ["link"]])
        #expect(HostsFile.lines(in: "") == [])
    }

    @Test func `resolv.conf(5) gives three name servers, the last search list and the dots`() {
        let resolver = ResolverConfiguration(
            """
            ; generated
            nameserver 127.0.0.11
            nameserver fd00::1%eth0 # a zone
            domain one.example
            nameserver 192.0.2.1
            nameserver 192.0.2.2
            search two.example three.example
            options edns0 ndots:0 trust-ad
            nameserver
            """)
        #expect(resolver.nameServers == ["127.0.0.11", "fd00::1%eth0", "192.0.2.1"])
        #expect(resolver.searchList == ["two.example", "three.example"])
        #expect(resolver.dotsBeforeSearch == 0)
        #expect(ResolverConfiguration("options ndots:99\ndomain a").dotsBeforeSearch == 15)
        #expect(ResolverConfiguration("options ndots:-1 ndots:x").dotsBeforeSearch == 1)
        #expect(ResolverConfiguration("search a\ndomain b").searchList == ["b"])
    }

    @Test func `nsswitch.conf(5) gives the services for hosts`() {
        #expect(
            NameServiceSwitch.hosts(in: "passwd: files\nhosts:\t files  mdns4_minimal [NOTFOUND=return] dns # x\n")
                == "files mdns4_minimal [NOTFOUND=return] dns")
        #expect(NameServiceSwitch.hosts(in: "hosts:files dns") == "files dns")
        #expect(NameServiceSwitch.hosts(in: "#hosts: dns\nnetworks: files") == nil)
    }

    @Test func `host.conf(5) takes all lines only where it says so last`() {
        #expect(HostConfiguration.takesAllHostsLines(in: "order hosts,bind\nmulti on\n"))
        #expect(!HostConfiguration.takesAllHostsLines(in: "multi on\nmulti off"))
        #expect(!HostConfiguration.takesAllHostsLines(in: "# multi on"))
        #expect(!HostConfiguration.takesAllHostsLines(in: ""))
    }

    @Test func `gai.conf(5) gives the rules that are no comments`() {
        #expect(AddressOrder.rules(in: "# label ::1/128 0\nprecedence  ::ffff:0:0/96  100\n\n") == ["precedence ::ffff:0:0/96 100"])
    }

    @Test func `A file without an end is read up to a bound`() {
        #expect(HostsFile.lines(in: String(repeating: "10.0.0.1 a\n", count: 20_000)).count == 10_000)
        #expect(HostsFile.lines(in: "10.0.0.1 " + String(repeating: "x", count: 100_000)).first?.names.first?.count == 991)
    }
}
