import HTTPService
package import Listeners
package import NIOCore
import NIOHTTP1
import NIOSSL
import NIOTLS

/// Makes a TLS handshake as a client would, and another that takes any certificate where the first fails, to see what is wrong with it.
package struct HandshakeProbe: Sendable {
    private let target: Target
    private let stopwatch: Stopwatch
    /// Seconds since 1970.
    private let now: Int64
    private let authorities: String?

    /// - Parameter authorities: a PEM file with certificates that are trusted beside the system's.
    package init(target: Target, now: Int64, authorities: String? = nil, stopwatch: Stopwatch = .system) {
        self.target = target
        self.now = now
        self.authorities = authorities
        self.stopwatch = stopwatch
    }

    package func meet(_ address: InternetAddress, until deadline: NIODeadline) async -> HandshakeFact {
        let start = stopwatch.read()
        func fact(_ outcome: HandshakeFact.Outcome, _ handshake: Handshake? = nil) -> HandshakeFact {
            let certificate = handshake?.certificate
            return HandshakeFact(
                address: address, outcome: outcome, subject: certificate?.subject, issuer: certificate?.issuer,
                expires: certificate?.expires, applicationProtocol: handshake?.applicationProtocol, duration: stopwatch.read() - start)
        }
        // The other half is for what explains a handshake that nobody answers.
        let half = NIODeadline.now() + TimeAmount.nanoseconds((deadline - .now()).nanoseconds / 2)
        var unreadable: String?
        do throws(DialError) {
            let verified: Dialer.TLS
            do throws(DialError) {
                verified = try await tls(isVerified: true)
            } catch {
                if case .tls(let reason) = error { unreadable = reason }
                throw error
            }
            return fact(.established, try await handshake(with: address, verified, until: half))
        } catch .tls(let reason) {
            do throws(DialError) {
                let handshake = try await handshake(with: address, try await tls(isVerified: false), until: deadline)
                guard unreadable == nil, let certificate = handshake.certificate else { return fact(.untrusted(reason), handshake) }
                // The library looks at names only when the chain is good.
                if reason.contains("failedToValidateHostname") { return fact(.wrongName(names: certificate.names), handshake) }
                return fact(.untrusted(certificate.flaw(at: now) ?? "no authority that is known here signed it"), handshake)
            } catch {
                return fact(.failed(await explain(error, at: address, until: deadline)))
            }
        } catch {
            return fact(.failed(await explain(error, at: address, until: deadline)))
        }
    }

    /// Whether TLS is spoken on a port that is asked for plain HTTP.
    func speaksTLS(_ address: InternetAddress, until deadline: NIODeadline) async -> Bool {
        do throws(DialError) {
            _ = try await handshake(with: address, try await tls(isVerified: false), until: deadline)
            return true
        } catch {
            return false
        }
    }

    static let plainHTTP = "the port speaks plain HTTP"

    private func explain(_ error: DialError, at address: InternetAddress, until deadline: NIODeadline) async -> String {
        switch error {
        case .cancelled: return "it was cancelled"
        case .refused(let code): return SystemCallError(call: "connect", code: code).name
        case .timedOut, .closed, .tls, .unintelligible: break
        }
        let peer = Peer(target: target, address: address, stopwatch: stopwatch)
        if await peer.ask(.GET, "/health", until: deadline).answer != nil { return Self.plainHTTP }
        return switch error {
        case .tls(let reason), .unintelligible(let reason): String(reason.prefix(300))
        case .timedOut: "timed out"
        default: "the connection was closed"
        }
    }

    /// What later connections use as well: it takes some time to make.
    func tls(isVerified: Bool) async throws(DialError) -> Dialer.TLS {
        // SNI names no addresses (RFC 6066 section 3).
        try await Dialer.TLS(name: target.literal == nil ? target.host : nil, isVerified: isVerified, authorities: authorities)
    }

    private func handshake(
        with address: InternetAddress, _ tls: Dialer.TLS, until deadline: NIODeadline
    ) async throws(DialError) -> Handshake {
        try await Dialer(.internet(address, port: target.port), tls: tls, deadline: deadline).complete { channel in
            let promise = channel.eventLoop.makePromise(of: Handshake.self)
            try channel.pipeline.syncOperations.addHandler(HandshakeWatch(promise: promise))
            return promise.futureResult
        }
    }
}

private struct Handshake: Sendable {
    var applicationProtocol: String?
    var certificate: CertificateFacts?
}

private final class HandshakeWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var promise: EventLoopPromise<Handshake>?

    init(promise: EventLoopPromise<Handshake>) {
        self.promise = promise
    }

    private func end(_ result: Result<Handshake, any Error>) {
        promise?.completeWith(result)
        promise = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted(let applicationProtocol) = event else { return }
        end(
            Result {
                let certificate = try context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self).peerCertificate
                return Handshake(applicationProtocol: applicationProtocol, certificate: certificate.map(CertificateFacts.init))
            })
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { end(.failure(error)) }

    func channelInactive(context: ChannelHandlerContext) { end(.failure(DialError.closed)) }

    func handlerRemoved(context: ChannelHandlerContext) { end(.failure(DialError.closed)) }
}
