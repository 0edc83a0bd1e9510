package import Diagnosis
package import Transcripts

/// A report with what the rules make of it.
package struct Findings: Sendable, Hashable {
    /// The URL, or what stands where one should.
    package var target: String
    package var checks: [Check]
    package var verdict: Verdict

    /// Runs every rule, in the order of the layers.
    /// - Parameter flaws: what is wrong with the client's configuration files as a whole.
    package init(_ report: Report, flaws: [Check] = [], clients: [Client] = [.claudeCode], isStrict: Bool = false) {
        let checks =
            flaws + ConfigurationRules.checks(report) + EnvironmentRules.checks(report) + NameRules.checks(report)
            + ConnectionRules.checks(report) + HandshakeRules.checks(report) + HTTPRules.checks(report) + StreamRules.checks(report)
            + MCPRules.checks(report) + ServerRules.checks(report) + CaptureRules.checks(report) + clients.map { $0.forecast(report) }
            + [LogRule.check(report)].compactMap(\.self)
        target = report.target.description
        self.checks = checks
        verdict = Verdict(report, checks, isStrict: isStrict)
    }

    /// An entry that leads nowhere, so that nothing can be reached.
    package init(_ entry: ConfiguredServer, flaws: [Check] = [], error: TargetError) {
        // Not its URL: what is no URL may be a secret in the wrong place.
        target = entry.name
        let subject = "\(entry.name) in \(entry.file)"
        checks =
            flaws + ConfigurationRules.checks(entry) + [
                Check(
                    .configURL, .fail, subject, "\(error)", cause: "the entry's url is no URL that can be called",
                    fix: "write it as http://HOST:8000/mcp")
            ]
        verdict = Verdict(ipv4: .no, ipv6: .no, outcome: .unreachable)
    }

    /// An entry that starts a program: there is no network in between.
    package init(local entry: ConfiguredServer, flaws: [Check] = []) {
        target = entry.name
        checks = flaws + ConfigurationRules.checks(entry)
        let isGood = !checks.contains { $0.status == .fail }
        verdict = Verdict(ipv4: .absent, ipv6: .absent, outcome: isGood ? .good : .unreachable)
        verdict.isLocal = isGood
    }

    /// A configuration file that cannot be read, as a check.
    package static func unreadable(_ file: String, _ reason: String) -> Check {
        Check(
            .configFile, .fail, file, reason, cause: "Claude Code takes nothing from what it cannot read, and finds no server in it",
            fix: "mend the file; `magenta connect claude-code` prints the form of an entry")
    }
}
