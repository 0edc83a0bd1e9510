import JSON
import MemoryModel
import TranscriptIngest

extension CaptureReport {
    /// How many of anything a report lists; the counts beside a list are of all.
    static let shown = 10

    /// The member `capture` of /health, and what `magenta status --json` prints; docs/health.md describes it.
    var value: JSONValue {
        var counts: JSONObject = [:]
        for state in SourceHealth.State.allCases { counts[state.rawValue] = .integer(Int64(count(state))) }
        return [
            "current": .bool(isCurrent), "captured": .bool(isCaptured), "time": .string(time.description),
            "lag": ["bytes": .integer(lagBytes), "seconds": Self.rounded(lagSeconds)],
            "sources": .object(counts), "worst": .array(sources.prefix(Self.shown).map(\.value)),
            "refused": refusedValue,
            "cleanup": cleanup?.value ?? .null,
            "spools": .array(spools.prefix(Self.shown).map(\.value)), "spoolCount": .integer(Int64(spools.count)),
            "findings": .array(
                findings.map { ["level": .string($0.level.rawValue), "text": .string($0.text), "fix": .string($0.fix)] }),
        ]
    }

    private var refusedValue: JSONValue {
        var reasons: JSONObject = [:]
        for (reason, count) in boundedRefusals { reasons[reason] = .integer(Int64(count)) }
        return [
            "lines": .integer(Int64(refused.values.reduce(0, +))), "reasons": .object(reasons),
            "last": .array(
                lastRefusals.map {
                    [
                        "path": .string($0.path), "spool": .string($0.spool), "line": .integer($0.line), "offset": .integer($0.offset),
                        "reason": .string($0.reason),
                    ]
                }),
        ]
    }

    /// The words that this program's own readers use; what a sender of another version calls its reasons is `other`.
    static let reasons = ["too-long", "invalid-utf8", "too-deep", "cut-off", "invalid-json", "not-an-object"]

    var boundedRefusals: [(reason: String, count: Int)] {
        let known = Self.reasons.map { ($0, refused[$0] ?? 0) }
        let other = refused.filter { !Self.reasons.contains($0.key) }.values.reduce(0, +)
        return known + [("other", other)]
    }

    private static let maximumText = 400

    /// One line; `nil` where the memory is current.
    var line: String? {
        let warnings = findings.filter { $0.level == .warning }
        guard let first = warnings.first else { return nil }
        let more = warnings.count > 1 ? " (and \(warnings.count - 1) more: `magenta status`)" : ""
        return "The memory is behind: \(first.text.prefix(Self.maximumText)). Fix: \(first.fix.prefix(Self.maximumText))\(more)."
    }

    fileprivate static func rounded(_ seconds: Double) -> JSONValue { .double((seconds * 1000).rounded() / 1000) }
}

extension SourceHealth {
    fileprivate var value: JSONValue {
        [
            "path": .string(path), "agent": .string(agent), "user": .string(user), "machine": .string(machine), "state": .string(state.rawValue),
            "bytes": .integer(size), "written": .string(modified.description), "stored": .integer(storedOffset),
            "storedTime": storedTime.map { .string($0.description) } ?? .null,
            "lag": ["bytes": lagBytes.map(JSONValue.integer) ?? .null, "seconds": lagSeconds.map(CaptureReport.rounded) ?? .null],
            "refused": .integer(Int64(refused)), "reason": reason.map(JSONValue.string) ?? .null,
        ]
    }
}

extension SpoolHealth {
    fileprivate var value: JSONValue {
        [
            "spool": .string(spool), "user": .string(user), "machine": .string(machine), "sources": .integer(Int64(sources)),
            "lastContact": lastContact.map { .string($0.description) } ?? .null, "refused": .integer(Int64(refused)),
        ]
    }
}

extension CleanupForecast {
    fileprivate var value: JSONValue {
        [
            "days": .integer(Int64(days)), "within3days": .integer(Int64(soon)), "within3daysNotStored": .integer(Int64(soonNotStored)),
            "next": .array(
                next.map {
                    ["path": .string($0.path), "deletedAfter": .string($0.deletedAfter.description), "stored": .bool($0.isStored)]
                }),
        ]
    }
}
