import HTTPService
import Listeners
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Makes its certificate when it runs, so that no key lies in the repository.
@Suite(.enabled(if: ThrowawayCertificate.isAvailable, "needs openssl")) struct `HTTP service over TLS` {
    @Test func `answers with the certificate and key that it was given`() async throws {
        let files = try ThrowawayCertificate()
        try await RunningService.with([.echo("/health")], configure: { $0.certificate = files.files }) { service in
            let secure = await HealthProbe(isSecure: true, timeout: .seconds(60)).ask(service.listener.dialled)
            #expect(secure == .answered(status: 200, body: Array("GET anonymous ".utf8)))
            let plain = await HealthProbe(timeout: .seconds(60)).ask(service.listener.dialled)
            guard case .unintelligible = plain else {
                Issue.record("plain HTTP got \(plain) from a TLS port")
                return
            }
        }
    }

    @Test func `does not start without its files and closes its listeners`() async throws {
        let files = try ThrowawayCertificate()
        let missing = CertificateFiles(certificate: files.files.certificate, key: "/nothing/here.pem")
        let error = await #expect(throws: CertificateError.self) {
            try await RunningService.with([], configure: { $0.certificate = missing }) { _ in }
        }
        #expect(error?.description == "cannot read an unencrypted PEM private key from /nothing/here.pem")
    }

    @Test func `does not take a key of another certificate`() async throws {
        let one = try ThrowawayCertificate()
        let two = try ThrowawayCertificate()
        let mixed = CertificateFiles(certificate: one.files.certificate, key: two.files.key)
        await #expect(throws: CertificateError.self) {
            try await RunningService.with([], configure: { $0.certificate = mixed }) { _ in }
        }
    }
}

struct ThrowawayCertificate: ~Copyable {
    static let isAvailable = system("command -v openssl >/dev/null 2>&1") == 0

    struct OpenSSLError: Error {}

    let files: CertificateFiles

    init() throws {
        let name = "/tmp/http-service-\(getpid())-\(UInt32.random(in: 0...0xFFFF_FFFF))"
        files = CertificateFiles(certificate: name + ".crt", key: name + ".key")
        let arguments = "-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
        guard system("openssl req \(arguments) -keyout \(files.key) -out \(files.certificate) 2>/dev/null") == 0 else { throw OpenSSLError() }
    }

    deinit {
        unlink(files.certificate)
        unlink(files.key)
    }
}
