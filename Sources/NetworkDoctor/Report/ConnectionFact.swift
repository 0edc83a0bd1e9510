package import Listeners

/// What came of one TCP connection to one address.
package struct ConnectionFact: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        case connected
        /// connect(2) or socket(2) failed, by the name of its errno.
        case failed(String)
        case timedOut
        /// Connected, and closed or reset before a byte was sent: a port forwarder or load balancer in front of nothing.
        case closedAtOnce
    }

    package var address: InternetAddress
    package var port: UInt16
    package var outcome: Outcome
    package var duration: Duration

    package init(address: InternetAddress, port: UInt16, outcome: Outcome, duration: Duration = .zero) {
        self.address = address
        self.port = port
        self.outcome = outcome
        self.duration = duration
    }
}

/// What came of one TLS handshake.
package struct HandshakeFact: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        case established
        /// It was established only because nothing was checked: the chain leads to nobody known, as the TLS library says it.
        case untrusted(String)
        /// The certificate is for other names than the target's.
        case wrongName(names: [String])
        /// No handshake: plain HTTP behind the port, a protocol nobody shares.
        case failed(String)
    }

    package var address: InternetAddress
    package var outcome: Outcome
    package var subject: String?
    package var issuer: String?
    /// Seconds since 1970 at which the certificate ends.
    package var expires: Int64?
    /// What ALPN agreed on.
    package var applicationProtocol: String?
    package var duration: Duration

    package init(
        address: InternetAddress, outcome: Outcome, subject: String? = nil, issuer: String? = nil, expires: Int64? = nil,
        applicationProtocol: String? = nil, duration: Duration = .zero
    ) {
        self.address = address
        self.outcome = outcome
        self.subject = subject
        self.issuer = issuer
        self.expires = expires
        self.applicationProtocol = applicationProtocol
        self.duration = duration
    }
}
