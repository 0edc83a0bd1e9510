/// How many secrets of each shape were replaced.
package struct RedactionCounts: Sendable, Hashable {
    package private(set) var byShape: [RedactionShape: Int] = [:]

    package init() {}

    package var total: Int { byShape.values.reduce(0, +) }

    package subscript(shape: RedactionShape) -> Int { byShape[shape] ?? 0 }

    mutating func add(_ shape: RedactionShape) { byShape[shape, default: 0] += 1 }

    package static func += (left: inout RedactionCounts, right: RedactionCounts) {
        left.byShape.merge(right.byShape, uniquingKeysWith: +)
    }
}
