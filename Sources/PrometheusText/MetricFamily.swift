/// What is known of a metric beforehand: its name, its kind, and a sentence for people.
package struct MetricFamily: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case counter
        case gauge
        /// Upper bounds in rising order; what is larger falls into `+Inf`.
        case histogram(bounds: [Double])
    }

    package var name: String
    package var help: String
    package var kind: Kind

    package init(_ name: String, _ kind: Kind, _ help: String) {
        precondition(Self.isName(name), "a metric's name has letters, digits and underscores")
        self.name = name
        self.kind = kind
        self.help = help
    }

    /// Of metrics and of labels; colons are left to rules of Prometheus.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F }
    }

    var kindName: String {
        switch kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}
