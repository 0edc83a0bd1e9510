package import Listeners

/// What the place from which the doctor looks does to every connection.
package struct EnvironmentFacts: Sendable, Hashable {
    package enum Container: String, Sendable, Hashable {
        case docker
        case podman
        case kubernetes
        case other
    }

    /// A variable that sends requests through a proxy.
    package struct Proxy: Sendable, Hashable {
        /// `HTTP_PROXY`, `https_proxy`, `ALL_PROXY`, ...
        package var variable: String
        /// Without user name and password.
        package var address: String

        package init(variable: String, address: String) {
            self.variable = variable
            self.address = address
        }
    }

    /// What the kernel says of IPv6.
    package struct IPv6State: Sendable, Hashable {
        /// Whether a socket of AF_INET6 can be made at all.
        package var isSupported: Bool
        /// The interfaces (and `all`, `default`, `lo`) on which net.ipv6.conf.NAME.disable_ipv6 is 1.
        package var disabledOn: [String]
        /// net.ipv6.bindv6only
        package var bindsIPv6Only: Bool

        package init(isSupported: Bool = true, disabledOn: [String] = [], bindsIPv6Only: Bool = false) {
            self.isSupported = isSupported
            self.disabledOn = disabledOn
            self.bindsIPv6Only = bindsIPv6Only
        }
    }

    /// A line of /etc/hosts.
    package struct HostsLine: Sendable, Hashable {
        package var address: InternetAddress
        package var names: [String]

        package init(address: InternetAddress, names: [String]) {
            self.address = address
            self.names = names
        }
    }

    /// The value is `nil` where this is no container.
    package var container: Fact<Container?> = .notChecked(notLookedAt)
    /// In the order in which Claude Code prefers them: it takes the first for every URL.
    package var proxies: [Proxy] = []
    /// The items of no_proxy or, where that is not set, of NO_PROXY: ``ProxyExceptions`` compares them.
    package var proxyExceptions: [String] = []
    package var ipv6: Fact<IPv6State> = .notChecked(notLookedAt)
    /// Every address of this host's interfaces, loopback too.
    package var addresses: Fact<[InternetAddress]> = .notChecked(notLookedAt)
    /// This host's own names.
    package var ownNames: [String] = []
    package var hosts: Fact<[HostsLine]> = .notChecked(notLookedAt)
    /// Of resolv.conf(5): addresses of name servers, search list, ndots.
    package var nameServers: Fact<[String]> = .notChecked(notLookedAt)
    package var searchList: [String] = []
    package var dotsBeforeSearch: Int = 1
    /// The line `hosts:` of nsswitch.conf(5): `files dns`; `nil` value where the file or the line is missing.
    package var nameServices: Fact<String?> = .notChecked(notLookedAt)
    /// `multi on` in host.conf(5): without it glibc answers only the first line of /etc/hosts for a name.
    package var takesAllHostsLines: Fact<Bool> = .notChecked(notLookedAt)
    /// The rules of gai.conf(5) that are not comments: they change the order of addresses.
    package var addressOrderRules: Fact<[String]> = .notChecked(notLookedAt)
    /// musl's resolver differs: an NXDOMAIN for AAAA ends the whole lookup.
    package var resolver: Fact<String> = .notChecked(notLookedAt)

    package init() {}
}
