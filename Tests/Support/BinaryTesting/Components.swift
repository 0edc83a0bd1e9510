import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the tests of the binary need and a machine may lack; a test that lacks one is skipped, by name.
package enum Components {
    /// The package's own folder.
    package static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// `magenta`, beside the test bundle or named by `MAGENTA_BINARY`; else `nil`.
    package static let magenta = built("magenta", ProcessInfo.processInfo.environment["MAGENTA_BINARY"])

    /// The server of the conformance fixture, beside the test bundle; else `nil`.
    package static let conformanceServer = built("conformance-server", nil)

    /// The server of what that fixture lacks; it has limits that a test can meet.
    package static let requirementProbe = built("RequirementProbe", nil)

    /// The program that listens and dials where the tests of Listeners cannot be themselves.
    package static let listenerProbe = built("ListenerProbe", nil)

    private static func built(_ name: String, _ named: String?) -> String? {
        let runner = ProcessInfo.processInfo.arguments.first.map { URL(filePath: $0).deletingLastPathComponent().path }
        return [named, runner.map { "\($0)/\(name)" }, "\(package)/.build/debug/\(name)"].compactMap { $0 }
            .first(where: FileManager.default.isExecutableFile)
    }

    /// Node, for its `fetch`.
    package static let node = program("node")

    /// Python 3 of the machine, for scripts that need no package.
    package static let python = program("python3")

    /// For certificates of a test's own.
    package static let openssl = program("openssl")

    /// The system's own Python 3, which containers see that are given /usr.
    package static let systemPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3") ? "/usr/bin/python3" : nil

    /// Checks unit files; of systemd.
    package static let systemdAnalyze = program("systemd-analyze")

    /// The Python that has the newest release of one line (1 or 2) of the official SDK; scripts/bootstrap installs it.
    package static func pythonSDK(_ line: Int) -> String? {
        let place = "\(package)/.cache/python/mcp\(line)"
        let libraries = (try? FileManager.default.contentsOfDirectory(atPath: "\(place)/lib")) ?? []
        return libraries.contains { FileManager.default.fileExists(atPath: "\(place)/lib/\($0)/site-packages/mcp") }
            ? "\(place)/bin/python" : nil
    }

    /// The Python that has kubernetes-validate, and with it PyYAML.
    package static let manifestPython: String? = {
        let place = "\(package)/.cache/python/manifests/bin"
        return existing("\(place)/kubernetes-validate").map { _ in "\(place)/python" }
    }()

    /// Real transcripts and the generator: `MAGENTA_SHARED`, or `shared` beside the package.
    package static let shared = ProcessInfo.processInfo.environment["MAGENTA_SHARED"] ?? "\(package)/../shared"
    package static let realTranscripts = existing("\(shared)/data/transcripts")
    package static let generator = python == nil ? nil : existing("\(shared)/tools/gen_transcripts.py")

    /// Whether this machine has `::1`.
    package static let hasIPv6Loopback: Bool = {
        #if canImport(Glibc)
            let stream = Int32(SOCK_STREAM.rawValue)
        #else
            let stream = SOCK_STREAM
        #endif
        let descriptor = socket(AF_INET6, stream, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        inet_pton(AF_INET6, "::1", &address.sin6_addr)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0 }
        }
    }()

    private static func existing(_ path: String) -> String? {
        FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// The path of a program of this machine; `nil` where PATH has none.
    package static func program(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first(where: FileManager.default.isExecutableFile)
    }
}
