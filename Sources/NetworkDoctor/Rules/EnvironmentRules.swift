import Diagnosis
import Listeners

/// Layer 2: what the place from which the doctor looks does to connections.
enum EnvironmentRules {
    static func checks(_ report: Report) -> [Check] {
        [
            container(report), ProxyRules.environment(report), ipv6(report), hosts(report), nameService(report), addressOrder(report),
        ].compactMap(\.self)
    }

    private static func container(_ report: Report) -> Check {
        switch report.environment.container {
        case .known(let kind?): Check(.environmentContainer, .ok, "container", "this is one (\(kind.rawValue)): localhost means it alone")
        case .known(nil): Check(.environmentContainer, .ok, "container", "this is none that could be told")
        case .notChecked(let reason): .notChecked(.environmentContainer, "container", reason)
        }
    }

    private static func ipv6(_ report: Report) -> Check {
        let state: EnvironmentFacts.IPv6State
        switch report.environment.ipv6 {
        case .notChecked(let reason): return .notChecked(.environmentIPv6, "IPv6", reason)
        case .known(let known): state = known
        }
        let wantsIPv6 = report.connections.contains { $0.address.canonical.family == .ipv6 && !$0.address.isLoopback }
        guard state.isSupported else {
            return Check(
                .environmentIPv6, wantsIPv6 ? .warn : .ok, "IPv6", "this kernel has none", errno: "EAFNOSUPPORT",
                cause: wantsIPv6 ? "the kernel was started with ipv6.disable=1" : nil,
                fix: wantsIPv6 ? "use the server's IPv4 address" : nil)
        }
        let notes = [state.bindsIPv6Only ? "net.ipv6.bindv6only=1: a socket on [::] takes no IPv4 unless its program says so" : nil].compactMap(
            \.self)
        guard state.disabledOn.isEmpty else {
            let detail = (["switched off on \(state.disabledOn.joined(separator: ", "))"] + notes).joined(separator: "; ")
            return Check(
                .environmentIPv6, wantsIPv6 ? .warn : .ok, "IPv6", detail,
                cause: wantsIPv6 ? "net.ipv6.conf.*.disable_ipv6 is 1, as on Docker's IPv4-only networks" : nil,
                fix: wantsIPv6 ? "make the network dual-stack (compose: enable_ipv6: true), or use the IPv4 address" : nil)
        }
        return Check(.environmentIPv6, .ok, "IPv6", (["the kernel has it"] + notes).joined(separator: "; "))
    }

    private static func hosts(_ report: Report) -> Check? {
        guard report.target.literal == nil else { return nil }
        let host = report.target.host
        switch report.environment.hosts {
        case .notChecked(let reason): return .notChecked(.environmentHosts, "/etc/hosts", reason)
        case .known(let lines):
            let addresses = lines.filter { $0.names.contains { $0.lowercased() == host } }.map(\.address)
            guard !addresses.isEmpty else { return nil }
            let list = addresses.map(\.description).joined(separator: ", ")
            let own = report.environment.addresses.value
            if let own, let missing = addresses.first(where: { $0.isLoopback && $0.family == .ipv6 && !own.contains($0) }) {
                return Check(
                    .environmentHosts, .warn, "/etc/hosts", "\(host) is \(list), and this host has no \(missing)",
                    cause: "IPv6 is switched off here and the line `\(missing) \(host)` was left",
                    fix: "nothing, where the client goes on to 127.0.0.1 (Claude Code, Node 20); else use http://127.0.0.1:\(report.target.port)")
            }
            return Check(.environmentHosts, .ok, "/etc/hosts", "\(host) is \(list)")
        }
    }

    private static func nameService(_ report: Report) -> Check? {
        let facts = report.environment
        if case .known(let line?) = facts.nameServices {
            let sources = line.split(separator: " ").map(String.init)
            if !sources.contains("dns"), !sources.contains("resolve"), report.target.literal == nil {
                return Check(
                    .environmentNameService, .warn, "nsswitch.conf", "hosts: \(line)", cause: "no name is looked up in the DNS",
                    fix: "set `hosts: files dns` in /etc/nsswitch.conf")
            }
        }
        if facts.takesAllHostsLines == .known(false), report.target.host == "localhost" {
            return Check(
                .environmentNameService, .warn, "host.conf", "without `multi on`", cause: "glibc takes only the first line of /etc/hosts for a name",
                fix: "write `multi on` into /etc/host.conf, or use 127.0.0.1 in the URL")
        }
        switch facts.resolver {
        case .known(let name):
            return Check(
                .environmentNameService, .ok, "resolver",
                name == "musl" ? "musl: NXDOMAIN for AAAA ends a lookup, even where there is an A" : name)
        case .notChecked(let reason): return .notChecked(.environmentNameService, "resolver", reason)
        }
    }

    private static func addressOrder(_ report: Report) -> Check? {
        guard case .known(let rules) = report.environment.addressOrderRules, !rules.isEmpty else { return nil }
        return Check(
            .environmentAddressOrder, .warn, "gai.conf", rules.joined(separator: "; "),
            cause: "these rules change which family a client tries first", fix: "take them out of /etc/gai.conf if that is not meant")
    }
}
