#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What every target is.
package protocol FuzzTarget {
    /// Gives the product one input, and stops the process where something about the outcome is wrong.
    func run(_ bytes: [UInt8])
}

/// Stops the process: libFuzzer then writes the input to a file.
package func found(_ what: String) -> Never {
    let text = "found: \(what)\n"
    _ = write(STDERR_FILENO, text, text.utf8.count)
    abort()
}

/// Prints what came back, where one input is looked at by hand.
package func show(_ bytes: [UInt8]) {
    guard isShown else { return }
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    _ = write(STDERR_FILENO, "\n", 1)
}

package func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

private let isShown = variable("FUZZ_SHOW") != nil
