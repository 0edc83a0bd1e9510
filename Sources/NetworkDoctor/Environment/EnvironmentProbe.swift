import Listeners

/// Looks at what this host does to every connection: container, proxies, IPv6, and what decides how names become addresses.
package struct EnvironmentProbe: Sendable {
    private let environment: [String: String]
    private let view: HostView

    package init(environment: [String: String], view: HostView = .system) {
        self.environment = environment
        self.view = view
    }

    /// Blocking, for as long as reading some twenty small files takes.
    package func look() -> EnvironmentFacts {
        var facts = EnvironmentFacts()
        facts.container = .known(ContainerSigns.container(in: view, environment: environment))
        facts.proxies = ProxyVariables.proxies(in: environment)
        facts.proxyExceptions = ProxyVariables.exceptions(in: environment)
        facts.ipv6 = ipv6
        facts.addresses = view.addresses().map(Fact.known) ?? .notChecked("the kernel does not list the interfaces")
        facts.ownNames = view.names()
        facts.hosts = text("/etc/hosts").map(HostsFile.lines(in:))
        let resolver = text("/etc/resolv.conf").map(ResolverConfiguration.init)
        facts.nameServers = resolver.map(\.nameServers)
        facts.searchList = resolver.value?.searchList ?? []
        facts.dotsBeforeSearch = resolver.value?.dotsBeforeSearch ?? 1
        facts.nameServices = .known(view.text("/etc/nsswitch.conf").flatMap(NameServiceSwitch.hosts(in:)))
        facts.resolver = cLibrary
        // Both files are glibc's; a missing one means its defaults.
        if facts.resolver.value == "glibc" {
            facts.takesAllHostsLines = .known(HostConfiguration.takesAllHostsLines(in: view.text("/etc/host.conf") ?? ""))
            facts.addressOrderRules = .known(AddressOrder.rules(in: view.text("/etc/gai.conf") ?? ""))
        } else {
            facts.takesAllHostsLines = .notChecked("only glibc reads /etc/host.conf")
            facts.addressOrderRules = .notChecked("only glibc reads /etc/gai.conf")
        }
        return facts
    }

    private func text(_ path: String) -> Fact<String> {
        view.text(path).map(Fact.known) ?? .notChecked("\(path) cannot be read")
    }

    private var ipv6: Fact<EnvironmentFacts.IPv6State> {
        let settings = "/proc/sys/net/ipv6"
        guard view.makesIPv6Sockets() else { return .known(.init(isSupported: false)) }
        let interfaces = view.entries("\(settings)/conf").sorted().prefix(1000)
        guard !interfaces.isEmpty else { return .notChecked("\(settings) cannot be read") }
        return .known(
            .init(
                disabledOn: interfaces.filter { isOn("\(settings)/conf/\($0)/disable_ipv6") },
                bindsIPv6Only: isOn("\(settings)/bindv6only")))
    }

    private func isOn(_ path: String) -> Bool {
        view.text(path)?.first == "1"
    }

    /// Whose resolver the programs of this host use, by the loader that they need; magenta itself may be linked statically.
    private var cLibrary: Fact<String> {
        if view.entries("/lib").contains(where: { $0.hasPrefix("ld-musl-") }) && !hasGlibc { return .known("musl") }
        if hasGlibc { return .known("glibc") }
        #if canImport(Darwin)
            return .known("Darwin")
        #else
            return .notChecked("neither glibc's loader nor musl's is in /lib or /lib64")
        #endif
    }

    private var hasGlibc: Bool {
        ["/lib64", "/lib", "/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu"].contains { folder in
            view.entries(folder).contains { $0.hasPrefix("ld-linux") }
        }
    }
}
