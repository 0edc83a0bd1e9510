import CFuzzer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs one target under libFuzzer; scripts/fuzz builds and calls what does.
///
///     FUZZ_TARGET=json FUZZ_INPUT=FILE FUZZ_FOLDER=FOLDER FUZZ_SHOW=1 Fuzz CORPUS... -max_total_time=60
///
/// FILE gets the input under test, FOLDER the socket of the target http; with FUZZ_SHOW every answer is printed.
///
/// A target ends the process where the product breaks a promise, so that libFuzzer keeps the input that broke it.
package enum FuzzRun {
    nonisolated(unsafe) private static var target: (any FuzzTarget)?
    nonisolated(unsafe) private static let record = variable("FUZZ_INPUT").map { InputRecord(path: $0) }

    package static func run(_ target: any FuzzTarget) -> Never {
        self.target = target
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(
            LLVMFuzzerRunDriver(&count, &arguments) { data, size in
                let bytes = Array(UnsafeBufferPointer(start: data, count: size))
                FuzzRun.record?.keep(bytes)
                FuzzRun.target?.run(bytes)
                return 0
            })
    }
}
