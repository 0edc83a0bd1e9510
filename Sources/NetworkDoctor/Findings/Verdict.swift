package import Diagnosis

/// What it comes to: reach by family, and the exit code.
package struct Verdict: Sendable, Hashable {
    package enum Family: String, Sendable, Hashable {
        case yes
        case no
        /// The name has no such address, or this host cannot send any.
        case absent
    }

    /// The exit codes, each with what it says.
    package enum Outcome: Int32, Sendable, Hashable, CaseIterable {
        case good = 0
        /// Only where warnings were asked to count.
        case warnings = 1
        case unreachable = 2
        /// Reached, and it said no: Host, credentials, path.
        case refused = 3
        case notMCP = 4
        case wrongMCP = 5

        package var text: String {
            switch self {
            case .good: "good"
            case .warnings: "warnings"
            case .unreachable: "unreachable"
            case .refused: "refused"
            case .notMCP: "not MCP"
            case .wrongMCP: "MCP is answered wrongly"
            }
        }
    }

    package var ipv4: Family
    package var ipv6: Family
    package var outcome: Outcome

    package init(ipv4: Family, ipv6: Family, outcome: Outcome) {
        self.ipv4 = ipv4
        self.ipv6 = ipv6
        self.outcome = outcome
    }

    /// - Parameter isStrict: whether warnings count.
    package init(_ report: Report, _ checks: [Check], isStrict: Bool = false) {
        func family(_ family: AddressFamily) -> Family {
            report.reaches(family) ? .yes : report.isAbsent(family) ? .absent : .no
        }
        ipv4 = family(.ipv4)
        ipv6 = family(.ipv6)
        outcome = Self.outcome(report, checks, isStrict: isStrict)
        isThroughProxy = report.isReachedThroughProxy && !report.isReached
    }

    private static func outcome(_ report: Report, _ checks: [Check], isStrict: Bool) -> Outcome {
        let failed = Set(checks.filter { $0.status == .fail }.map(\.layer))
        let failedIDs = Set(checks.filter { $0.status == .fail }.map(\.id))
        let isThroughProxy = report.isReachedThroughProxy && !report.isReached
        if isThroughProxy, failed.isEmpty { return isStrict ? .warnings : .good }
        if !report.isReached || !failed.isDisjoint(with: ["names", "tcp", "tls", "config"]) { return .unreachable }
        if !failedIDs.isDisjoint(with: ids([.environmentProxy, .httpProxy, .httpAnswer])) { return .unreachable }
        if !failedIDs.isDisjoint(with: ids([.httpHost, .httpAuthorization, .httpPath, .httpIntermediary])) { return .refused }
        if !failedIDs.isDisjoint(with: ids([.httpIdentity])) { return .notMCP }
        if report.mcp.conversations.allSatisfy({ if case .agreed = $0.outcome { false } else { true } }) { return .notMCP }
        if !failed.isDisjoint(with: ["mcp", "stream"]) { return .wrongMCP }
        if !failed.isEmpty { return .unreachable }
        return isStrict && checks.contains { $0.status == .warn } ? .warnings : .good
    }

    private static func ids(_ ids: [CheckID]) -> Set<String> { Set(ids.map(\.rawValue)) }

    /// The client starts the server itself, over stdio.
    package var isLocal = false
    /// Only by the proxy that the environment names: what lies behind it was not looked at.
    package var isThroughProxy = false

    package var isReachable: Bool { ipv4 == .yes || ipv6 == .yes }

    /// `reachable: yes (IPv4 yes, IPv6 no)`
    package var text: String {
        if isLocal { return "no network: Claude Code starts the program itself" }
        if isThroughProxy { return "reachable: through the proxy only; what lies behind it was not looked at" }
        let families = "(IPv4 \(ipv4.rawValue), IPv6 \(ipv6.rawValue))"
        let addition: String =
            switch outcome {
            case .good,
                .unreachable where !isReachable:
                ""
            case .unreachable: ", but clients do not get there: see [✗]"
            case .warnings: ", with warnings"
            case .refused: ", but refused: see [✗]"
            case .notMCP: ", but what answers is not MCP: see [✗]"
            case .wrongMCP: ", but MCP is answered wrongly: see [✗]"
            }
        return "reachable: \(isReachable ? "yes" : "no") \(families)\(addition)"
    }
}
