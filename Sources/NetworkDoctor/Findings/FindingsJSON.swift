import Diagnosis
package import JSON

extension Findings {
    /// `{schema, target, verdict, exit, families, checks}`. Members may be added; those that are there keep their meaning.
    package var json: JSONValue {
        [
            "schema": 1, "target": .string(FindingsText.plain(target)), "verdict": .string(verdict.outcome.text),
            "exit": .integer(Int64(verdict.outcome.rawValue)),
            "families": ["v4": .string(verdict.ipv4.rawValue), "v6": .string(verdict.ipv6.rawValue)],
            "checks": .array(checks.map(\.json)),
        ]
    }
}

extension Check {
    var json: JSONValue {
        [
            "id": .string(id), "layer": .string(String(layer)), "status": .string(status.rawValue), "subject": .string(FindingsText.plain(subject)),
            "detail": .string(FindingsText.plain(detail)), "errno": errno.map { .string($0) } ?? .null,
            "ms": duration.map { .integer($0.wholeMilliseconds) } ?? .null, "cause": cause.map { .string(FindingsText.plain($0)) } ?? .null,
            "fix": fix.map { .string(FindingsText.plain($0)) } ?? .null,
        ]
    }
}

extension Duration {
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + (attoseconds + 500_000_000_000_000) / 1_000_000_000_000_000
    }
}
