// swift-tools-version: 6.2
import PackageDescription

// Targets stand in the order of the layers in ARCHITECTURE.md, ground first;
// scripts/check-layers compares the two.

let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let swiftASN1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "magenta",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "magenta", targets: ["magenta"]),
        .library(name: "MCPCore", targets: ["MCPCore", "JSON", "Access"]),
        .library(name: "MCPHTTP", targets: ["MCPHTTP", "Authorization"]),
        .library(name: "MCPStdio", targets: ["MCPStdio"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // System
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),

        // Ground: values
        .target(name: "JSON"),
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .target(name: "MemoryModel", dependencies: ["JSON"]),
        .testTarget(name: "MemoryModelTests", dependencies: ["MemoryModel"]),
        .target(name: "Access", dependencies: [crypto]),
        .testTarget(name: "AccessTests", dependencies: ["Access"]),
        .target(name: "Diagnosis", dependencies: []),
        .target(name: "PrometheusText", dependencies: [coreMetrics]),
        .testTarget(name: "PrometheusTextTests", dependencies: ["PrometheusText", coreMetrics]),

        .target(name: "Redaction", dependencies: ["JSON", crypto]),
        .testTarget(name: "RedactionTests", dependencies: ["Redaction", "JSON"], exclude: ["Corpus"]),

        .target(name: "Authorization", dependencies: ["Access", "JSON", jwtKit, asyncHTTPClient, crypto, nioCore, nioHTTP1]),
        .testTarget(
            name: "AuthorizationTests",
            dependencies: ["Authorization", "Access", "JSON", jwtKit, crypto, cryptoExtras, nioCore, nioPosix, nioHTTP1]),

        // The store's protocol; sockets
        .target(name: "MemoryStore", dependencies: ["JSON", "MemoryModel", "Redaction"]),
        .target(name: "Listeners", dependencies: ["Diagnosis"]),
        .testTarget(
            name: "ListenersTests", dependencies: ["Listeners", "Diagnosis", "ListenerProbe", "BinaryTesting", "ReachTesting"]),

        // Cores
        .target(name: "MCPCore", dependencies: ["JSON", "Access", crypto]),
        .testTarget(name: "MCPCoreTests", dependencies: ["MCPCore", "JSON", "Access", "MCPTesting"]),
        .target(
            name: "HTTPService",
            dependencies: [
                "Access", "Diagnosis", "JSON", "Listeners", hummingbirdCore, httpTypes, nioCore, nioPosix, nioHTTP1, nioSSL, logging,
                coreMetrics, serviceLifecycle,
            ]),
        .testTarget(
            name: "HTTPServiceTests",
            dependencies: [
                "HTTPService", "Listeners", "Access", "Diagnosis", "PrometheusText", httpTypes, hummingbirdCore, nioCore, nioPosix, nioSSL, logging,
                coreMetrics, serviceLifecycle,
            ]),
        .target(name: "MemoryRecall", dependencies: ["JSON", "MemoryModel", "MemoryStore"]),
        .testTarget(name: "MemoryRecallTests", dependencies: ["MemoryRecall", "MemoryStore", "MemoryModel", "JSON"]),
        .target(name: "MemoryArchive", dependencies: ["MemoryStore", "MemoryModel", "Redaction", "JSON", crypto]),
        .testTarget(
            name: "MemoryArchiveTests",
            dependencies: [
                "magenta", "MemoryArchive", "MemoryStoreSQLite", "MemoryStoreTesting", "MemoryStore", "MemoryModel", "Redaction", "JSON",
                "BinaryTesting", crypto,
            ]),
        .target(name: "Transcripts", dependencies: ["JSON", "MemoryModel", "Redaction", "CSimdJSON"]),
        .testTarget(
            name: "TranscriptsTests", dependencies: ["Transcripts", "TranscriptTesting", "BinaryTesting", "JSON", "Redaction", "MemoryModel"]),

        // Adapters to the outside
        .target(
            name: "MCPHTTP",
            dependencies: [
                "MCPCore", "HTTPService", "Authorization", "JSON", "Access", "Listeners", hummingbirdCore, httpTypes, nioCore, crypto,
                logging, serviceLifecycle,
            ]),
        .testTarget(
            name: "MCPHTTPTests",
            dependencies: [
                "MCPHTTP", "Authorization", "MCPCore", "MCPTesting", "BinaryTesting", "HTTPService", "Listeners", "JSON", "Access", httpTypes,
                logging, serviceLifecycle,
            ]),
        .target(name: "MCPStdio", dependencies: ["MCPCore", "JSON", "Access"]),
        .testTarget(name: "MCPStdioTests", dependencies: ["MCPStdio", "MCPCore", "JSON", "Access", "MCPTesting"]),
        .target(
            name: "MemoryStoreSQLite",
            dependencies: ["MemoryStore", "MemoryModel", "Redaction", "JSON", "CZstd", grdb, crypto]),
        .testTarget(
            name: "MemoryStoreSQLiteTests",
            dependencies: ["MemoryStoreSQLite", "MemoryStoreTesting", "MemoryStore", "MemoryModel", "Redaction", "JSON", grdb]),

        // Features
        .target(name: "MemoryTools", dependencies: ["MCPCore", "MemoryRecall", "MemoryStore", "MemoryModel", "JSON"]),
        .testTarget(
            name: "MemoryToolsTests",
            dependencies: [
                "MemoryTools", "MCPCore", "MCPStdio", "MCPTesting", "BinaryTesting", "MemoryRecall", "MemoryStoreSQLite", "MemoryStoreTesting",
                "MemoryStore", "MemoryModel", "Redaction", "JSON", "Access",
            ]),
        .target(
            name: "TranscriptIngest",
            dependencies: ["Transcripts", "MemoryArchive", "MemoryStore", "MemoryModel", "Redaction", "JSON", crypto, logging]),
        .testTarget(
            name: "TranscriptIngestTests",
            dependencies: [
                "TranscriptIngest", "Transcripts", "MemoryStoreSQLite", "MemoryStore", "MemoryModel", "Redaction", "JSON", "BinaryTesting",
                logging,
            ]),

        .target(
            name: "NetworkDoctor",
            dependencies: [
                "HTTPService", "Transcripts", "MemoryStore", "Listeners", "JSON", "Diagnosis", nioCore, nioPosix, nioHTTP1, nioSSL, nioTLS,
                swiftASN1, x509,
            ]),
        .testTarget(
            name: "NetworkDoctorTests",
            dependencies: [
                "magenta", "NetworkDoctor", "BinaryTesting", "HTTPService", "Transcripts", "MemoryStore", "Listeners", "JSON", "Diagnosis", nioCore,
                nioPosix, nioHTTP1, nioSSL,
            ]),

        // The composition root and the executable
        .target(
            name: "MagentaCLI",
            dependencies: [
                "MemoryTools", "TranscriptIngest", "NetworkDoctor", "MCPHTTP", "MCPStdio", "MCPCore", "MemoryStoreSQLite", "MemoryStore",
                "MemoryRecall", "MemoryArchive",
                "MemoryModel", "HTTPService", "Listeners", "Transcripts", "Redaction", "Authorization", "Access", "Diagnosis", "JSON",
                "PrometheusText", argumentParser, logging, coreMetrics, serviceLifecycle, unixSignals, httpTypes, hummingbirdCore, nioCore, nioPosix,
                asyncHTTPClient, nioHTTP1, nioSSL,
            ]),
        .executableTarget(name: "magenta", dependencies: ["MagentaCLI"]),
        .testTarget(name: "BinaryTests", dependencies: ["magenta", "BinaryTesting", "TranscriptTesting", "JSON"]),
        .testTarget(name: "ReachTests", dependencies: ["magenta", "ReachTesting", "BinaryTesting", "JSON"]),

        // Built as a stranger would build it: on what is public.
        .executableTarget(
            name: "conformance-server", dependencies: ["MCPCore", "MCPHTTP", "JSON", "Access", logging, serviceLifecycle, unixSignals],
            path: "Examples/ConformanceServer", packageAccess: false),
        .testTarget(name: "ConformanceTests", dependencies: ["conformance-server", "RequirementProbe", "BinaryTesting", "JSON"]),

        // Test support
        .target(name: "BinaryTesting", dependencies: ["JSON", nioCore, nioPosix], path: "Tests/Support/BinaryTesting"),
        .target(name: "ReachTesting", dependencies: ["BinaryTesting", "JSON"], path: "Tests/Support/ReachTesting"),
        .executableTarget(
            name: "ListenerProbe",
            dependencies: [
                "Listeners", "HTTPService", "Access", "Diagnosis", httpTypes, hummingbirdCore, nioCore, logging, serviceLifecycle,
            ], path: "Tests/Support/ListenerProbe"),
        .executableTarget(
            name: "RequirementProbe", dependencies: ["MCPCore", "MCPHTTP", "JSON", "Access", logging, serviceLifecycle, unixSignals],
            path: "Tests/Support/RequirementProbe"),
        .target(name: "MCPTesting", dependencies: ["MCPCore", "JSON", "Access"], path: "Tests/Support/MCPTesting"),
        .target(
            name: "MemoryStoreTesting", dependencies: ["MemoryStore", "MemoryModel", "Redaction", "JSON"],
            path: "Tests/Support/MemoryStoreTesting"),
        .target(
            name: "TranscriptTesting", dependencies: ["Transcripts", "MemoryModel", "Redaction", "JSON"],
            path: "Tests/Support/TranscriptTesting"),
    ],
    cxxLanguageStandard: .cxx17
)

// https://github.com/swiftlang/swift-evolution: SE-0335, SE-0409, SE-0444
let upcoming: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
let strict = Context.environment["MAGENTA_WARNINGS_AS_ERRORS"] != nil

for target in package.targets where target.type != .system && target.name != "CSimdJSON" {
    target.swiftSettings = (target.swiftSettings ?? []) + upcoming + (strict ? [.treatAllWarnings(as: .error)] : [])
}
