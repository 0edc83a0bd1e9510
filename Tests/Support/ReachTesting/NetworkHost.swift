package import BinaryTesting

/// One host of a `TestNetwork`: a network namespace, with /etc/hosts, /etc/resolv.conf and /etc/nsswitch.conf of its own.
package struct NetworkHost: Sendable {
    /// As `ip netns` names it.
    package let namespace: String
    /// Where the files lie that stand in for those of /etc.
    let etc: String
    /// What every program is started through, such as the one that takes IPv6 away.
    let wrapper: [String]
    package let scratch: Scratch

    /// What a program ended with.
    package struct Result: Sendable {
        package let status: ChildProcess.ExitStatus
        package let output: String
        package let errors: String
    }

    package static let path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"

    /// A file of /etc that the host has for itself.
    static let files = ["hosts", "resolv.conf", "nsswitch.conf"]

    /// Starts `arguments` (a program of PATH, or a path) on this host, with an empty environment but for PATH and a scratch HOME.
    ///
    /// The process id is that of the program itself: everything before it is replaced by it.
    package func start(
        _ arguments: [String], environment: [String: String] = [:], hasInput: Bool = false
    ) throws -> ChildProcess {
        let defaults = ["PATH": Self.path, "HOME": try scratch.folder("home"), "TMPDIR": scratch.root]
        let mounts = Self.files.map { "mount --bind \(etc)/\($0) /etc/\($0) && " }.joined()
        return try ChildProcess(
            ["/usr/bin/nsenter", "--net=/run/netns/\(namespace)", "unshare", "-m", "--propagation", "private"]
                + ["sh", "-c", "\(mounts)exec \"$@\"", "--"] + wrapper + Self.resolved(arguments),
            environment: defaults.merging(environment) { $1 }, in: scratch, hasInput: hasInput)
    }

    /// The wrapper takes a path.
    private static func resolved(_ arguments: [String]) -> [String] {
        guard let program = arguments.first, !program.contains("/") else { return arguments }
        return ["/usr/bin/env"] + arguments
    }

    /// Runs `arguments` to their end.
    @discardableResult
    package func run(
        _ arguments: [String], environment: [String: String] = [:], within timeout: Duration = .seconds(60)
    ) async throws -> Result {
        let process = try start(arguments, environment: environment)
        let status = try await process.exit(within: timeout)
        return Result(status: status, output: process.outputText, errors: process.errorText)
    }

    /// Runs `arguments`, which must end well, and gives what they printed.
    @discardableResult
    package func output(
        of arguments: [String], environment: [String: String] = [:], within timeout: Duration = .seconds(60)
    ) async throws -> String {
        let result = try await run(arguments, environment: environment, within: timeout)
        guard result.status == .code(0) else {
            throw TestFailure(
                "\(arguments.joined(separator: " ")) ended with \(result.status): \(result.errors.suffix(1000)) \(result.output.suffix(1000))")
        }
        return result.output
    }

    /// What a firewall of this host does with packets that come for `address`.
    package enum FirewallTarget: String, Sendable {
        /// Silence: the peer's connect runs into its timeout.
        case drop = "DROP"
        /// ECONNREFUSED at the peer.
        case reject = "REJECT"
        /// As firewalld and Docker's isolation reject: EHOSTUNREACH at the peer for IPv4, EACCES for IPv6.
        case prohibit = "REJECT --reject-with icmp-admin-prohibited"
    }

    package func firewall(_ target: FirewallTarget, to address: String, port: Int? = nil) async throws {
        let isIPv6 = address.contains(":")
        var words = target.rawValue
        if isIPv6, target == .prohibit { words = "REJECT --reject-with icmp6-adm-prohibited" }
        try await output(
            of: [isIPv6 ? "ip6tables" : "iptables", "-w", "-A", "INPUT", "-d", address, "-p", "tcp"]
                + (port.map { ["--dport", "\($0)"] } ?? []) + ["-j"] + words.split(separator: " ").map(String.init))
    }
}
