import NIOSSL
import Testing

@testable import HTTPService

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct `Reload of a certificate` {
    private static let old = FileVersion(inode: 1, size: 10, modified: 100)

    @Test(arguments: [
        FileVersion(inode: 2, size: 10, modified: 100), FileVersion(inode: 1, size: 11, modified: 100),
        FileVersion(inode: 1, size: 10, modified: 101), nil,
    ])
    func `comes once after a change of either file`(new: FileVersion?) {
        for (certificate, key) in [(new, Self.old), (Self.old, new)] {
            var reload = CertificateReload()
            let first = CertificateReload.Versions(certificate: Self.old, key: Self.old)
            let second = CertificateReload.Versions(certificate: certificate, key: key)
            #expect([first, first, second, second, first].map { reload.look($0, isAsked: false) } == [true, false, true, false, true])
        }
    }

    @Test func `comes whenever somebody asks`() {
        var reload = CertificateReload()
        let versions = CertificateReload.Versions(certificate: Self.old, key: Self.old)
        #expect([true, true, false].map { reload.look(versions, isAsked: $0) } == [true, true, false])
    }
}

@Suite(.enabled(if: ThrowawayCertificate.isAvailable, "needs openssl")) struct `A certificate that changes while it is served` {
    /// One service with certificate `files`, whose clock stands still.
    private static func serve(
        _ files: CertificateFiles, clock: SteppedClock, log: RecordedLog, _ body: @escaping @Sendable (RunningService) async throws -> Void
    ) async throws {
        try await RunningService.with(
            [.echo("/")],
            configure: {
                $0.certificate = files
                $0.certificateInterval = .seconds(10)
                $0.clock = clock
                $0.logger = log.logger
            }, body)
    }

    private static func shown(by service: RunningService) async throws -> NIOSSLCertificate? {
        let seen = SeenCertificate()
        let answer = try await Dialog.with(service.listener, over: seen) { try await $0.get("/") }
        #expect(answer.status == 200)
        return seen.certificate
    }

    /// Lets the service look for the nth time. A look is over when the next one is waited for.
    private static func look(_ number: Int, _ clock: SteppedClock) async {
        await clock.waitForSleep(number: number)
        clock.advance(by: .seconds(10))
        await clock.waitForSleep(number: number + 1)
    }

    @Test func `is what new connections get, while old ones go on`() async throws {
        let one = try ThrowawayCertificate()
        let two = try ThrowawayCertificate()
        let (first, second) = (try one.leaf, try two.leaf)
        let replacement = two.files
        let files = one.files
        let clock = SteppedClock()
        let log = RecordedLog()
        try await Self.serve(files, clock: clock, log: log) { service in
            let kept = SeenCertificate()
            try await Dialog.with(service.listener, over: kept) { dialog in
                #expect(try await dialog.get("/").status == 200)
                #expect(kept.certificate == first)
                try replace(files.certificate, by: replacement.certificate)
                try replace(files.key, by: replacement.key)
                #expect(try await Self.shown(by: service) == first)
                await Self.look(1, clock)
                #expect(try await Self.shown(by: service) == second)
                #expect(try await dialog.get("/").status == 200)
                await Self.look(2, clock)
            }
        }
        #expect(
            log.lines.filter { $0.contains("certificate") } == ["notice serving another certificate to new connections file=\(files.certificate)"])
    }

    @Test func `stays where the new files are no good, and the log says why, once`() async throws {
        let one = try ThrowawayCertificate()
        let two = try ThrowawayCertificate()
        let (first, second) = (try one.leaf, try two.leaf)
        let replacement = two.files
        let files = one.files
        let clock = SteppedClock()
        let log = RecordedLog()
        try await Self.serve(files, clock: clock, log: log) { service in
            // Half of it.
            #expect(truncate(files.certificate, 200) == 0)
            await Self.look(1, clock)
            await Self.look(2, clock)
            #expect(try await Self.shown(by: service) == first)
            #expect(log.lines.filter { $0.contains("cannot read a PEM certificate from \(files.certificate)") }.count == 1)
            // Nothing at all.
            unlink(files.certificate)
            await Self.look(3, clock)
            #expect(try await Self.shown(by: service) == first)
            // The certificate without its key.
            try replace(files.certificate, by: replacement.certificate)
            await Self.look(4, clock)
            #expect(try await Self.shown(by: service) == first)
            #expect(log.lines.filter { $0.contains("do not work together") }.count == 1)
            try replace(files.key, by: replacement.key)
            await Self.look(5, clock)
            #expect(try await Self.shown(by: service) == second)
        }
        let told = log.lines.filter { $0.contains("certificate") }
        #expect(told.count == 4)
        #expect(
            told.prefix(3).allSatisfy {
                $0.hasPrefix("error the certificate's files changed and are no good; the certificate stays as it is reason=")
            })
    }

    @Test func `is read at once where somebody asks`() async throws {
        let one = try ThrowawayCertificate()
        let two = try ThrowawayCertificate()
        let second = try two.leaf
        let replacement = two.files
        let files = one.files
        try await Self.serve(files, clock: SteppedClock(), log: RecordedLog()) { service in
            try replace(files.certificate, by: replacement.certificate)
            try replace(files.key, by: replacement.key)
            await service.reloadCertificate()
            #expect(try await Self.shown(by: service) == second)
        }
    }
}

private struct RenameError: Error {}

/// As certificate programs do it: the old file goes in one step.
private func replace(_ path: String, by other: String) throws {
    guard rename(other, path) == 0 else { throw RenameError() }
}

extension ThrowawayCertificate {
    fileprivate var leaf: NIOSSLCertificate {
        get throws { try #require(try NIOSSLCertificate.fromPEMFile(files.certificate).first) }
    }
}
