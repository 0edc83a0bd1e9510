package import Diagnosis

/// A report with what the rules make of it.
package struct Findings: Sendable, Hashable {
    package var target: Target
    package var checks: [Check]
    package var verdict: Verdict

    /// Runs every rule, in the order of the layers.
    package init(_ report: Report, clients: [Client] = [.claudeCode], isStrict: Bool = false) {
        let checks =
            ConfigurationRules.checks(report) + EnvironmentRules.checks(report) + NameRules.checks(report) + ConnectionRules.checks(report)
            + HandshakeRules.checks(report) + HTTPRules.checks(report) + StreamRules.checks(report) + MCPRules.checks(report)
            + ServerRules.checks(report) + CaptureRules.checks(report) + clients.map { $0.forecast(report) }
        target = report.target
        self.checks = checks
        verdict = Verdict(report, checks, isStrict: isStrict)
    }
}
