// swift-tools-version: 6.2
import PackageDescription

// Apart from the product, so that its manifest holds nothing for fuzzing alone. Build it with scripts/fuzz: the coverage of everything
// below and libFuzzer itself come from the command line, since no manifest may say such things of a dependency.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "Fuzz",
    platforms: [.macOS(.v15)],
    // A name, since a package on disk is otherwise known by whatever its folder is called.
    dependencies: [
        .package(name: "magenta", path: ".."),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .target(name: "CFuzzer"),
        .target(
            name: "FuzzRun", dependencies: ["CFuzzer", .product(name: "MCPCore", package: "magenta")], swiftSettings: settings),
        .executableTarget(
            name: "Fuzz", dependencies: ["FuzzRun", .product(name: "MCPCore", package: "magenta")], swiftSettings: settings),
        // By itself: it needs Hummingbird, NIO and all below, and the others do not.
        .executableTarget(
            name: "FuzzHTTP",
            dependencies: [
                "FuzzRun", .product(name: "MCPCore", package: "magenta"), .product(name: "MCPHTTP", package: "magenta"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
    ]
)
