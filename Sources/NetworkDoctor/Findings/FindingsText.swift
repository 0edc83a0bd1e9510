import Diagnosis

/// The findings as a person reads them: a mark, the layer, the fact; cause and fix below what is wrong; the verdict last.
package struct FindingsText: Sendable {
    /// Whether the lines that only state what is good or was not looked at are shown too.
    private let isVerbose: Bool

    package init(isVerbose: Bool = true) {
        self.isVerbose = isVerbose
    }

    package func text(_ findings: Findings) -> String {
        var lines = ["magenta doctor \(Self.plain(findings.target))"]
        for check in findings.checks where isVerbose || check.status == .fail || check.status == .warn {
            lines += self.lines(check)
        }
        lines.append(findings.verdict.text)
        return lines.joined(separator: "\n")
    }

    private func lines(_ check: Check) -> [String] {
        let layer = check.layer.padded(to: 12)
        let time = check.duration.map { " (\($0.wholeMilliseconds) ms)" } ?? ""
        let subject = check.subject.isEmpty ? "" : check.subject + "  "
        var lines = ["[\(Self.mark(check.status))] \(layer) \(Self.plain(subject + check.detail))\(time)"]
        if let cause = check.cause { lines.append("       cause: \(Self.plain(cause))") }
        if let fix = check.fix { lines.append("       fix:   \(Self.plain(fix))") }
        return lines
    }

    private static func mark(_ status: Check.Status) -> String {
        switch status {
        case .ok: "✓"
        case .warn: "!"
        case .fail: "✗"
        case .skip: "-"
        }
    }

    /// What a server sent may hold line breaks and terminal controls; a line of the report is one line.
    static func plain(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars.prefix(1000) {
            let isControl =
                scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x2028...0x202E).contains(scalar.value)
                || (0x2066...0x2069).contains(scalar.value)
            result.unicodeScalars.append(isControl ? " " : scalar)
        }
        return result
    }
}

extension Substring {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}
