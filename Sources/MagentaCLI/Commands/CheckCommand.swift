import ArgumentParser
import JSON
import MemoryStore
import MemoryStoreSQLite

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say whether the store is sound, and repair what can be derived.",
        discussion: """
            Looks at the file, at every line's account, every record, every message's place, the counters, the index, the files' permissions. \
            The server may run; then the words of the index are not compared, since nobody could write meanwhile.
            --repair needs the store for itself. It first writes a backup (STORE.before-repair), then puts right what other rows tell: the \
            index, counters, places, permissions, texts of nobody. It removes nothing that no other row tells.
            Exit code 0 when all is well, 1 when something was found (with --repair: is left).
            """)

    @Flag(help: "Put right what can be derived.")
    var repair = false

    @Flag(help: "Repair without a backup before.")
    var noBackup = false

    @Flag(help: "Open no records, and read pages only as far as rows go.")
    var quick = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: SettingOptions

    func run() async throws {
        let settings = try Settings(options)
        let store = try await OpenStore.file(settings)
        let lock = try await store.captureLock()
        defer { lock?.release() }
        if repair && lock == nil {
            throw UsageError("another process captures into \(settings.store); stop magenta serve and magenta stdio, then repair")
        }
        var extent: CheckExtent = quick ? [.quick] : []
        if lock != nil { extent.insert(.indexWords) }
        var report = try await check(store, extent)
        let repairable = Set(report.findings.filter(\.isRepairable).map(\.check))
        var repaired: [StoreFinding] = []
        if repair && !repairable.isEmpty {
            if !noBackup { Terminal.complain("the store as it was: \(try await store.backupBeforeRepair())") }
            try await store.repair(repairable)
            let before = report.findings
            report = try await check(store, extent)
            repaired = before.filter { finding in !report.findings.contains(finding) }
        }
        show(report, repaired: repaired, comparesIndex: extent.contains(.indexWords))
        if !report.findings.isEmpty { throw ExitCode(1) }
    }

    private func check(_ store: SQLiteStore, _ extent: CheckExtent) async throws -> StoreReport {
        let report = try await store.check(extent) { Terminal.progress($0) }
        Terminal.endProgress()
        return report
    }

    private func show(_ report: StoreReport, repaired: [StoreFinding], comparesIndex: Bool) {
        guard json else {
            for finding in repaired { Terminal.print("repaired \(finding.check.rawValue): \(finding.cause)") }
            for finding in report.findings {
                Terminal.print("\(finding.check.rawValue): \(finding.cause)")
                Terminal.print("    \(finding.isRepairable ? "--repair \(finding.remedy)" : finding.remedy)")
            }
            if report.findings.isEmpty { Terminal.print("the store is sound") }
            Terminal.print(
                "\(report.messages) messages, \(report.records) lines of \(report.sources) sources; \(report.size) bytes, \(report.freeSize) of them free"
            )
            if !comparesIndex {
                Terminal.complain("the words of the index were not compared: another process captures; stop it and check again to compare them")
            }
            return
        }
        Terminal.print([
            "ok": .bool(report.findings.isEmpty), "findings": .array(report.findings.map(Self.value)),
            "repaired": .array(repaired.map(Self.value)), "messages": .integer(report.messages), "lines": .integer(report.records),
            "sources": .integer(report.sources), "bytes": .integer(report.size), "free_bytes": .integer(report.freeSize),
            "index_words_compared": .bool(comparesIndex),
        ])
    }

    private static func value(_ finding: StoreFinding) -> JSONValue {
        [
            "check": .string(finding.check.rawValue), "cause": .string(finding.cause), "remedy": .string(finding.remedy),
            "repairable": .bool(finding.isRepairable),
        ]
    }
}
