import Listeners
import Testing

@testable import NetworkDoctor

@Suite("Environment probe")
struct EnvironmentProbeTests {
    private func facts(
        _ files: [String: String] = [:], environment: [String: String] = [:], addresses: [InternetAddress]? = [.loopback4],
        makesIPv6Sockets: Bool = true
    ) -> EnvironmentFacts {
        let view = HostView(
            text: { files[$0] }, exists: { files[$0] != nil },
            entries: { folder in
                Set(files.keys.filter { $0.hasPrefix(folder + "/") }.map { String($0.dropFirst(folder.count + 1).prefix { $0 != "/" }) }).sorted()
            },
            addresses: { addresses }, names: { ["here"] }, makesIPv6Sockets: { makesIPv6Sockets })
        return EnvironmentProbe(environment: environment, view: view).look()
    }

    @Test func `Of a host that shows nothing, what cannot be told is not checked`() {
        let facts = facts(addresses: nil)
        #expect(facts.container == .known(nil))
        #expect(facts.hosts == .notChecked("/etc/hosts cannot be read"))
        #expect(facts.nameServers == .notChecked("/etc/resolv.conf cannot be read"))
        #expect(facts.nameServices == .known(nil))
        #expect(facts.addresses == .notChecked("the kernel does not list the interfaces"))
        #expect(facts.ipv6 == .notChecked("/proc/sys/net/ipv6 cannot be read"))
        #expect(facts.takesAllHostsLines == .notChecked("only glibc reads /etc/host.conf"))
        #expect(facts.ownNames == ["here"])
    }

    @Test func `Docker's IPv4-only network is seen as it is`() {
        let facts = facts([
            "/.dockerenv": "", "/etc/hosts": "127.0.0.1 localhost\n::1 localhost\n172.18.0.3 4f0a\n",
            "/etc/resolv.conf": "nameserver 127.0.0.11\noptions ndots:0\n", "/etc/nsswitch.conf": "hosts: files dns\n",
            "/etc/host.conf": "multi on\n", "/lib64/ld-linux-x86-64.so.2": "",
            "/proc/sys/net/ipv6/conf/all/disable_ipv6": "1\n", "/proc/sys/net/ipv6/conf/eth0/disable_ipv6": "1\n",
            "/proc/sys/net/ipv6/conf/lo/disable_ipv6": "0\n", "/proc/sys/net/ipv6/bindv6only": "0\n",
        ])
        #expect(facts.container == .known(.docker))
        #expect(facts.ipv6 == .known(.init(disabledOn: ["all", "eth0"])))
        #expect(facts.hosts.value?.count == 3)
        #expect(facts.nameServers == .known(["127.0.0.11"]))
        #expect(facts.dotsBeforeSearch == 0)
        #expect(facts.nameServices == .known("files dns"))
        #expect(facts.takesAllHostsLines == .known(true))
        #expect(facts.addressOrderRules == .known([]))
        #expect(facts.resolver == .known("glibc"))
    }

    @Test func `A kernel without IPv6 and one that binds IPv6 alone are told apart`() {
        #expect(facts(makesIPv6Sockets: false).ipv6 == .known(.init(isSupported: false)))
        let files = ["/proc/sys/net/ipv6/conf/lo/disable_ipv6": "0\n", "/proc/sys/net/ipv6/bindv6only": "1\n"]
        #expect(facts(files).ipv6 == .known(.init(bindsIPv6Only: true)))
    }

    @Test func `musl is known by its loader`() {
        #expect(facts(["/lib/ld-musl-x86_64.so.1": ""]).resolver == .known("musl"))
    }

    @Test(
        arguments: [
            ([:], ["KUBERNETES_SERVICE_HOST": "10.0.0.1"], .kubernetes),
            (["/.dockerenv": ""], ["KUBERNETES_SERVICE_HOST": "10.0.0.1"], .kubernetes),
            (["/run/.containerenv": ""], [:], .podman),
            (["/proc/1/cgroup": "12:cpu:/docker/4f0a"], [:], .docker),
            (["/proc/1/cgroup": "0::/kubepods.slice/x"], [:], .kubernetes),
            (["/proc/1/cgroup": "0::/machine.slice/libpod-1.scope"], [:], .podman),
            (["/proc/1/cgroup": "1:name=systemd:/lxc/one"], [:], .other),
            ([:], ["container": "systemd-nspawn"], .other),
            ([:], ["container": "podman"], .podman),
            (["/proc/1/cgroup": "0::/init.scope"], ["container": ""], nil),
        ] as [([String: String], [String: String], EnvironmentFacts.Container?)])
    func `A container is known by its signs`(files: [String: String], environment: [String: String], expected: EnvironmentFacts.Container?) {
        #expect(facts(files, environment: environment).container == .known(expected))
    }

    @Test func `This host is looked at without an error`() throws {
        let facts = EnvironmentProbe(environment: ["HTTP_PROXY": "http://p:1"]).look()
        #expect(try #require(facts.addresses.value).contains(.loopback4))
        #expect(facts.hosts.value != nil)
        #expect(facts.resolver.value != nil)
        #expect(facts.proxies == [.init(variable: "HTTP_PROXY", address: "http://p:1")])
    }
}
