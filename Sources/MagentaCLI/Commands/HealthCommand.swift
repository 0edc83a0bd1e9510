import ArgumentParser
import Diagnosis
import HTTPService
import JSON
import Listeners

struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Ask the server on this host whether it answers on every family.",
        discussion: """
            Reads the same settings as serve and dials every address that serve would listen on. Exit code 0 when every family that this host has \
            answers, 1 when one does not or none does; within 2 seconds. --json adds what the server says of itself (docs/health.md), with the token \
            of --token-file where one is set.
            """)

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var serve: ServeOptions
    @OptionGroup var options: SettingOptions

    func run() async throws {
        let settings = try Settings(options, serve: serve)
        let plan = BindPlan(try settings.listen.map { try ListenSpecification.parse($0) })
        let endpoints = plan.groups.flatMap(\.endpoints)
        guard !endpoints.isEmpty else { throw UsageError("the settings name no address that could be dialled") }
        for case .internet(_, 0) in endpoints {
            throw UsageError("port 0 is another port each time; name the port that serve got: --listen localhost:PORT")
        }
        // Below the two seconds that a container's health check is given.
        let probe = HealthProbe(name: MemoryServer.name, isSecure: settings.tls != nil, timeout: .milliseconds(1500))
        let report = await ReachReport.dial(endpoints.map(\.dialled), probe: probe)
        if json {
            Terminal.print([
                "status": .string(report.status.rawValue), "families": report.value, "server": await answer(report, settings),
            ])
        } else {
            for (family, reach) in report.families { Terminal.print("\(family.rawValue): \(reach.text)") }
        }
        if report.status == .failed { throw ExitCode(1) }
    }

    /// What the server says on the first address that answers; null where none does.
    private func answer(_ report: ReachReport, _ settings: Settings) async -> JSONValue {
        guard let endpoint = report.entries.first(where: { $0.reach == .reachable })?.endpoint else { return .null }
        // Without a token that can be read the server still tells its short form.
        let token = settings.tokenFile.flatMap { try? TokenFile.text($0) }
        let probe = HealthProbe(
            name: MemoryServer.name, isSecure: settings.tls != nil, authorization: token.map { "Bearer \($0)" }, timeout: .milliseconds(500))
        guard case .answered(_, let body) = await probe.ask(endpoint), let value = try? JSONReader().read(body) else { return .null }
        return value
    }
}
