import NIOSSL

/// A certificate chain and its private key, both PEM.
package struct CertificateFiles: Sendable, Hashable {
    package var certificate: String
    package var key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    func context() throws -> NIOSSLContext {
        let chain: [NIOSSLCertificate]
        let privateKey: NIOSSLPrivateKey
        do {
            chain = try NIOSSLCertificate.fromPEMFile(certificate)
        } catch {
            throw CertificateError(reason: "cannot read a PEM certificate from \(certificate): \(error)")
        }
        do {
            privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
        } catch {
            // Without the cause: it may quote the key.
            throw CertificateError(reason: "cannot read an unencrypted PEM private key from \(key)")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw CertificateError(reason: "the certificate \(certificate) and the key \(key) do not work together: \(error)")
        }
    }
}

package struct CertificateError: Error, Sendable, Hashable, CustomStringConvertible {
    package var reason: String

    package var description: String { reason }
}
