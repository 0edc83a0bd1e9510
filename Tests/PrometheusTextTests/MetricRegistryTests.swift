import CoreMetrics
import Testing

@testable import PrometheusText

@Suite struct `The metric registry` {
    private static func registry() -> MetricRegistry {
        MetricRegistry(
            [
                MetricFamily("calls_total", .counter, "Calls.\nWith a \\ in it."), MetricFamily("open", .gauge, "Open now."),
                MetricFamily("seconds", .histogram(bounds: [0.1, 1]), "Durations."),
            ], seriesLimit: 3)
    }

    @Test func `shows counters, gauges and histograms as the format says`() {
        let registry = Self.registry()
        Counter(label: "calls_total", dimensions: [("tool", "a"), ("outcome", "ok")], factory: registry).increment(by: 2)
        Counter(label: "calls_total", dimensions: [("outcome", "ok"), ("tool", "a")], factory: registry).increment()
        Gauge(label: "open", factory: registry).record(7)
        for nanoseconds in [50_000_000, 100_000_000, 500_000_000, 3_000_000_000] {
            Timer(label: "seconds", dimensions: [("route", "/mcp")], factory: registry).recordNanoseconds(Int64(nanoseconds))
        }
        #expect(
            registry.text() == """
                # HELP calls_total Calls.\\nWith a \\\\ in it.
                # TYPE calls_total counter
                calls_total{outcome="ok",tool="a"} 3
                # HELP open Open now.
                # TYPE open gauge
                open 7
                # HELP seconds Durations.
                # TYPE seconds histogram
                seconds_bucket{route="/mcp",le="0.1"} 2
                seconds_bucket{route="/mcp",le="1"} 3
                seconds_bucket{route="/mcp",le="+Inf"} 4
                seconds_sum{route="/mcp"} 3.65
                seconds_count{route="/mcp"} 4

                """)
    }

    @Test func `escapes what a label's value may hold`() {
        let registry = Self.registry()
        Counter(label: "calls_total", dimensions: [("tool", "a\"b\\c\nd\r\ne")], factory: registry).increment()
        #expect(registry.text().contains("calls_total{tool=\"a\\\"b\\\\c\\nd\r\\ne\"} 1\n"))
    }

    @Test func `counts nothing that was not declared, nor beyond the limit of series, nor of another kind`() {
        let registry = Self.registry()
        Counter(label: "other_total", factory: registry).increment()
        Counter(label: "open", factory: registry).increment()
        Counter(label: "calls_total", dimensions: [("le", "1")], factory: registry).increment()
        Counter(label: "calls_total", dimensions: [("0", "1")], factory: registry).increment()
        Gauge(label: "calls_total", factory: registry).record(1)
        #expect(!registry.text().contains("other") && !registry.text().contains(" 1\n"))
        for number in 0..<10 { Counter(label: "calls_total", dimensions: [("n", "\(number)")], factory: registry).increment() }
        #expect(registry.text().split(separator: "\n").filter { $0.hasPrefix("calls_total{") }.count == 3)
    }

    @Test(arguments: [(1.0, "1"), (0.25, "0.25"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1e-7, "1e-07"), (-0.5, "-0.5")])
    func `writes numbers as they are read`(value: Double, text: String) {
        #expect(MetricRegistry.number(value) == text)
    }
}
