import CFuzzer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// Runs one target under libFuzzer; scripts/fuzz builds and calls it.
//
//     FUZZ_TARGET=json FUZZ_INPUT=FILE FUZZ_FOLDER=FOLDER FUZZ_SHOW=1 Fuzz CORPUS... -max_total_time=60
//
// FILE gets the input under test, FOLDER the socket of the target http; with FUZZ_SHOW every answer is printed.
//
// A target ends the process where the product breaks a promise, so that libFuzzer keeps the input that broke it.

func make(_ name: String) throws -> any FuzzTarget {
    switch name {
    case "json": return JSONTarget()
    case "server": return ServerTarget()
    case "http": return try HTTPTarget()
    case "schema": return SchemaTarget()
    default: found("no target is called \"\(name)\"; there are json, server, http and schema")
    }
}

nonisolated(unsafe) let target = try make(variable("FUZZ_TARGET") ?? "")
nonisolated(unsafe) let record = variable("FUZZ_INPUT").map { InputRecord(path: $0) }

var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
exit(
    LLVMFuzzerRunDriver(&count, &arguments) { data, size in
        let bytes = Array(UnsafeBufferPointer(start: data, count: size))
        record?.keep(bytes)
        target.run(bytes)
        return 0
    })
