package import Listeners

/// What the target's name leads to.
package struct NameFacts: Sendable, Hashable {
    /// What getaddrinfo(3) answered.
    package struct Resolution: Sendable, Hashable {
        /// In its order, without repetitions.
        package var addresses: [InternetAddress]
        /// `EAI_AGAIN`, `EAI_NONAME`, ..., or `timeout` where it was no longer waited for; `nil` where there was an answer.
        package var failure: String?
        package var duration: Duration

        package init(addresses: [InternetAddress] = [], failure: String? = nil, duration: Duration = .zero) {
            self.addresses = addresses
            self.failure = failure
            self.duration = duration
        }
    }

    /// One question to one name server.
    package struct Query: Sendable, Hashable {
        package enum Kind: String, Sendable, Hashable {
            case a = "A"
            case aaaa = "AAAA"
        }

        package enum Outcome: Sendable, Hashable {
            case addresses([InternetAddress])
            /// The name exists and has no address of this kind (NODATA).
            case noData
            /// NXDOMAIN
            case noSuchName
            /// SERVFAIL, REFUSED, ... (RFC 6895 section 2.3)
            case failure(String)
            case silence
            /// The name server's address was refused or cannot be reached.
            case unreachable(String)
        }

        package var nameServer: String
        package var kind: Kind
        package var outcome: Outcome
        package var duration: Duration
        /// What was asked for: the host, or the host with a domain of the search list.
        package var name: String

        package init(nameServer: String, kind: Kind, outcome: Outcome, duration: Duration = .zero, name: String = "") {
            self.nameServer = nameServer
            self.kind = kind
            self.outcome = outcome
            self.duration = duration
            self.name = name
        }
    }

    /// With AI_ADDRCONFIG, as most clients ask; not checked for an address.
    package var configured: Fact<Resolution> = .notChecked(notLookedAt)
    /// Without any flag.
    package var plain: Fact<Resolution> = .notChecked(notLookedAt)
    package var queries: [Query] = []

    package init() {}
}
