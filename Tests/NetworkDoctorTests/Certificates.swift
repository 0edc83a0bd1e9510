import BinaryTesting
import NIOSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A self-signed certificate that openssl makes when a test runs, so that no key lies in the repository.
struct Certificates {
    static let isAvailable = system("command -v openssl >/dev/null 2>&1") == 0

    let context: NIOSSLContext
    /// For a client that trusts it.
    let path: String

    init(in scratch: Scratch, subject: String = "/CN=localhost", names: String = "DNS:localhost", days: Int = 2) throws {
        let (certificate, key) = (scratch.path("server.crt"), scratch.path("server.key"))
        path = certificate
        let arguments =
            "-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days \(days) -subj \(subject) -addext subjectAltName=\(names)"
        guard system("openssl req \(arguments) -keyout \(key) -out \(certificate) 2>/dev/null") == 0 else {
            throw TestFailure("openssl req failed")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
        configuration.applicationProtocols = ["http/1.1"]
        context = try NIOSSLContext(configuration: configuration)
    }
}

/// Seconds since 1970, as a certificate made just now has them.
func systemSeconds() -> Int64 { Int64(time(nil)) }
