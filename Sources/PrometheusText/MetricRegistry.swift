package import CoreMetrics
import Synchronization

/// A back end of swift-metrics that keeps its numbers in this process and shows them in Prometheus's text format, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
///
/// Families are declared beforehand; what was not declared, or comes with a name that is no label's, is counted nowhere. So is what would
/// make a family grow beyond its limit of series.
package final class MetricRegistry: MetricsFactory, Sendable {
    private enum Series {
        case counter(CounterSeries)
        case gauge(GaugeSeries)
        case histogram(HistogramSeries)
    }

    /// The media type of ``text()``.
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    private let families: [MetricFamily]
    private let kinds: [String: MetricFamily.Kind]
    private let seriesLimit: Int
    /// By family, then by labels as they stand in the text.
    private let series = Mutex<[String: [String: Series]]>([:])

    package init(_ families: [MetricFamily], seriesLimit: Int = 500) {
        self.families = families
        self.seriesLimit = seriesLimit
        kinds = Dictionary(families.map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
    }

    /// Every family with its series, in the order of declaration, the series by their labels.
    package func text() -> String {
        let series = series.withLock { $0 }
        var text = ""
        for family in families {
            text += "# HELP \(family.name) \(Self.escaped(help: family.help))\n# TYPE \(family.name) \(family.kindName)\n"
            for (labels, one) in (series[family.name] ?? [:]).sorted(by: { $0.key < $1.key }) {
                switch one {
                case .counter(let counter): text += "\(family.name)\(Self.braced(labels)) \(counter.value)\n"
                case .gauge(let gauge): text += "\(family.name)\(Self.braced(labels)) \(Self.number(gauge.value))\n"
                case .histogram(let histogram): text += Self.lines(of: histogram, family.name, labels)
                }
            }
        }
        return text
    }

    private static func lines(of histogram: HistogramSeries, _ name: String, _ labels: String) -> String {
        let value = histogram.value
        var text = ""
        var count: Int64 = 0
        for (bound, here) in zip(histogram.bounds + [.infinity], value.counts) {
            count += here
            text += "\(name)_bucket\(braced(labels.isEmpty ? "le=\"\(number(bound))\"" : "\(labels),le=\"\(number(bound))\"")) \(count)\n"
        }
        return text + "\(name)_sum\(braced(labels)) \(number(value.sum))\n\(name)_count\(braced(labels)) \(count)\n"
    }

    private static func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }

    /// As Go reads it.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return "\(value)"
    }

    static func escaped(help: String) -> String {
        help.map { $0 == "\\" ? "\\\\" : $0.isNewline ? "\\n" : String($0) }.joined()
    }

    static func escaped(value: String) -> String {
        // By scalar: "\r\n" is one character, and only the line feed ends a line here.
        value.unicodeScalars.map { $0 == "\\" ? "\\\\" : $0 == "\"" ? "\\\"" : $0 == "\n" ? "\\n" : String($0) }.joined()
    }

    // MARK: Series

    private func find(_ name: String, _ dimensions: [(String, String)], make: (MetricFamily.Kind) -> Series?) -> Series? {
        guard let kind = kinds[name] else { return nil }
        let names = dimensions.map(\.0)
        guard names.allSatisfy({ MetricFamily.isName($0) && $0 != "le" }), Set(names).count == names.count else { return nil }
        let labels = dimensions.sorted { $0.0 < $1.0 }.map { "\($0.0)=\"\(Self.escaped(value: $0.1))\"" }.joined(separator: ",")
        return series.withLock { series in
            if let known = series[name]?[labels] { return known }
            guard series[name, default: [:]].count < seriesLimit, let new = make(kind) else { return nil }
            series[name, default: [:]][labels] = new
            return new
        }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        let found = find(label, dimensions) { if case .counter = $0 { .counter(CounterSeries()) } else { nil } }
        if case .counter(let counter)? = found { return counter }
        return NOOPMetricsHandler.instance
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        switch find(label, dimensions, make: Self.measured) {
        case .gauge(let gauge)?: gauge
        case .histogram(let histogram)?: histogram
        default: NOOPMetricsHandler.instance
        }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        if case .gauge(let gauge)? = find(label, dimensions, make: Self.measured) { return gauge }
        return NOOPMetricsHandler.instance
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        if case .histogram(let histogram)? = find(label, dimensions, make: Self.measured) { return histogram }
        return NOOPMetricsHandler.instance
    }

    private static func measured(_ kind: MetricFamily.Kind) -> Series? {
        switch kind {
        case .counter: nil
        case .gauge: .gauge(GaugeSeries())
        case .histogram(let bounds): .histogram(HistogramSeries(bounds: bounds))
        }
    }

    // A series stays until the process ends: a counter that vanished and came back would look like a restart.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}
