#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The input under test, in memory that the kernel writes to a file whatever becomes of the process: after a stack overflow libFuzzer has
/// no stack left to write it with.
final class InputRecord {
    /// libFuzzer makes no larger inputs than scripts/fuzz asks for.
    private static let capacity = 1 << 20
    private let memory: UnsafeMutableRawPointer

    /// - Parameter path: a file of eight bytes with the length of the input, and the input.
    init(path: String) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0, ftruncate(descriptor, off_t(Self.capacity)) == 0,
            let memory = mmap(nil, Self.capacity, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), memory != MAP_FAILED
        else { found("\(path) cannot be mapped: errno \(errno)") }
        close(descriptor)
        self.memory = memory
    }

    func keep(_ bytes: [UInt8]) {
        let count = min(bytes.count, Self.capacity - 8)
        memory.storeBytes(of: UInt64(count).littleEndian, as: UInt64.self)
        bytes.withUnsafeBytes {
            memory.advanced(by: 8).copyMemory(from: UnsafeRawPointer($0.baseAddress ?? UnsafeRawPointer(memory)), byteCount: count)
        }
    }
}
