/// The keys that an authorization server publishes, read when they are first needed and kept as long as it allows.
///
/// - Any number of requests share one fetch, which is made by one of them; the others wait or go on with the keys at hand.
/// - Keys are read again after the `max-age` of their document, kept between a minute and a day, and when a token names a key that is not
///   among them, the latter at most every 30 seconds, so that nobody can make this server flood the issuer.
/// - While the issuer is down the keys at hand work on for a day.
public actor PublishedKeys: KeySource {
    static let lifetimes = Duration.seconds(60)...Duration.seconds(24 * 3600)
    static let usualLifetime = Duration.seconds(3600)
    static let grace = Duration.seconds(24 * 3600)
    static let pauseBetweenSearches = Duration.seconds(30)
    /// After a failure: with keys at hand there is time, without any each pause is one in which nobody comes in.
    static let pauseAfterFailure = Duration.seconds(30)
    static let pauseWithoutKeys = Duration.seconds(5)

    private struct Kept {
        var set: JSONWebKeySet
        var freshUntil: ContinuousClock.Instant
    }

    private let documents: any DocumentSource
    private let location: KeyLocation
    private let now: @Sendable () -> ContinuousClock.Instant
    private let onFailure: @Sendable (any Error) -> Void

    private var kept: Kept?
    private var discovered: WebAddress?
    private var lastFailure: ContinuousClock.Instant?
    private var lastSearch: ContinuousClock.Instant?
    /// Whether a search was abandoned while others waited for it: one of them may make it again.
    private var isSearchOwed = false
    /// Those who wait for the fetch that is under way; `nil` while there is none.
    private var waiting: [AsyncStream<Ending>.Continuation]?

    /// How a fetch came to its end.
    private enum Ending {
        case done
        /// The request that made it was cancelled, and somebody else has to make it.
        case abandoned
    }

    /// - Parameters:
    ///   - issuer: the authorization server as it writes itself; https, except on this machine.
    ///   - keysURL: its `jwks_uri`; without it, it is looked up in the issuer's metadata (RFC 8414, then OpenID Connect Discovery).
    ///   - timeout: for each document.
    ///   - onFailure: hears why keys could not be read, for the log; clients are told nothing of it.
    public init(
        issuer: String, keysURL: String? = nil, timeout: Duration = .seconds(5), onFailure: @escaping @Sendable (any Error) -> Void
    ) throws(AuthorizationSettingError) {
        try self.init(
            issuer: issuer, keysURL: keysURL, documents: HTTPDocuments(timeout: timeout), now: { ContinuousClock.now }, onFailure: onFailure)
    }

    init(
        issuer: String, keysURL: String?, documents: any DocumentSource, now: @escaping @Sendable () -> ContinuousClock.Instant,
        onFailure: @escaping @Sendable (any Error) -> Void
    ) throws(AuthorizationSettingError) {
        location = try KeyLocation(issuer: issuer, keysURL: keysURL)
        self.documents = documents
        self.now = now
        self.onFailure = onFailure
    }

    /// The keys at hand, or those of a new fetch; see above.
    public func keys(having identifier: String?) async throws -> JSONWebKeySet {
        var hasFetched = false
        while true {
            let time = now()
            if let kept, time >= kept.freshUntil + Self.grace { self.kept = nil }
            if let kept {
                if hasFetched { return kept.set }
                if identifier.map(kept.set.holds) ?? true {
                    // Whoever comes while somebody reads them again need not wait.
                    let isDue = time >= kept.freshUntil && waiting == nil && !isWithin(Self.pauseAfterFailure, of: lastFailure)
                    guard isDue else { return kept.set }
                } else if waiting == nil {
                    guard isSearchOwed || !isWithin(Self.pauseBetweenSearches, of: lastSearch) else { return kept.set }
                    isSearchOwed = false
                    lastSearch = time
                    // The issuer may publish its new keys somewhere else.
                    discovered = nil
                }
            } else if waiting == nil, hasFetched || isWithin(Self.pauseWithoutKeys, of: lastFailure) {
                throw KeysUnavailable()
            }
            hasFetched = try await fetchOrWait() == .done
        }
    }

    /// How many requests wait for the fetch that is under way.
    var waitingCount: Int { waiting?.count ?? 0 }

    private func isWithin(_ pause: Duration, of instant: ContinuousClock.Instant?) -> Bool {
        instant.map { now() < $0 + pause } ?? false
    }

    private func fetchOrWait() async throws -> Ending {
        if waiting != nil {
            let (endings, continuation) = AsyncStream<Ending>.makeStream(bufferingPolicy: .bufferingNewest(1))
            waiting?.append(continuation)
            for await ending in endings { return ending }
            throw CancellationError()
        }
        waiting = []
        var ending = Ending.done
        defer {
            for continuation in waiting ?? [] {
                continuation.yield(ending)
                continuation.finish()
            }
            waiting = nil
        }
        do {
            let (set, lifetime) = try await read()
            let within = min(max(lifetime ?? Self.usualLifetime, Self.lifetimes.lowerBound), Self.lifetimes.upperBound)
            kept = Kept(set: set, freshUntil: now() + within)
            lastFailure = nil
        } catch {
            if Task.isCancelled {
                ending = .abandoned
                isSearchOwed = waiting?.isEmpty == false
                throw CancellationError()
            }
            // The issuer may have moved its keys.
            discovered = nil
            lastFailure = now()
            onFailure(KeysError(issuer: location.issuer, cause: error))
        }
        return ending
    }

    private func read() async throws -> (JSONWebKeySet, Duration?) {
        let address: WebAddress
        if let known = location.keysAddress ?? discovered {
            address = known
        } else {
            address = try await location.discover(from: documents)
            discovered = address
        }
        let document = try await documents.document(at: address)
        return (try await JSONWebKeySet(json: document.bytes), document.lifetime)
    }
}

/// Nothing is at hand; ``PublishedKeys`` has told why when it tried.
struct KeysUnavailable: Error {}

/// Why the keys of an issuer could not be read, for the server's own log.
public struct KeysError: Error, Sendable, CustomStringConvertible {
    /// Whose keys.
    public let issuer: String
    /// What went wrong.
    public let cause: any Error

    /// One sentence with what to look at.
    public var description: String {
        "reading the keys of \(issuer) failed: \(cause). Fix: look whether this server reaches it, and whether the issuer is written as it writes itself"
    }
}
