import Synchronization

/// Ids that are unique in one process and unlikely to meet those of another: six random characters, a dash and a count.
final class RequestIdentifiers: Sendable {
    private let prefix: String
    private let count = Atomic<UInt64>(0)

    init(seed: UInt32 = UInt32.random(in: 0...0xFF_FFFF)) {
        let digits = String(seed & 0xFF_FFFF, radix: 16)
        prefix = String(repeating: "0", count: 6 - digits.utf8.count) + digits + "-"
    }

    @Sendable func next() -> String {
        let (number, _) = count.add(1, ordering: .relaxed)
        // 15 bytes in all for the first four thousand million: such strings stay off the heap.
        return prefix + String(number, radix: 16)
    }
}
