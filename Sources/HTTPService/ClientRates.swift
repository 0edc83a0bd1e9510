import Access
import Listeners

/// Counts the requests of each client, and of each peer those whose token was not good.
struct ClientRates {
    enum Verdict: Equatable {
        case admitted
        /// - Parameter wait: whole seconds until the next one is admitted, at least 1.
        case refused(wait: Int, perMinute: Int)
    }

    private let rate: RequestRate
    private var requests: TokenBuckets?
    private var failedLogins: TokenBuckets?

    init(_ rate: RequestRate) {
        self.rate = rate
        requests = rate.perMinute.map { TokenBuckets(perMinute: $0) }
        failedLogins = rate.failedLoginsPerMinute.map { TokenBuckets(perMinute: $0) }
    }

    /// - Parameter isProbe: of a route that health checks ask.
    mutating func request(
        of principal: Principal, isProbe: Bool, from client: TrustedProxies.Client, at now: ContinuousClock.Instant
    ) -> Verdict {
        guard !(Self.isLocal(client) && (isProbe || rate.sparesLoopback)) else { return .admitted }
        return requests?.take(for: principal.isNamed ? .principal(principal.name) : Self.key(client), at: now) ?? .admitted
    }

    /// Asked only where the token is not good, so that it never keeps a good one out.
    mutating func failedLogin(from client: TrustedProxies.Client, at now: ContinuousClock.Instant) -> Verdict {
        guard !(Self.isLocal(client) && rate.sparesLoopback) else { return .admitted }
        return failedLogins?.take(for: Self.key(client), at: now) ?? .admitted
    }

    /// Behind a proxy on this host stands anybody.
    private static func isLocal(_ client: TrustedProxies.Client) -> Bool {
        !client.isBehindProxy && (client.address?.isLoopback ?? (client.peer == "unix"))
    }

    /// An IPv6 host has its whole /64 to take addresses from (RFC 4291 section 2.5.1).
    private static func key(_ client: TrustedProxies.Client) -> TokenBuckets.Key {
        switch client.address {
        case .ipv6(let high, _): .address(.ipv6(high: high, low: 0))
        case let address?: .address(address)
        case nil: .peer(client.peer)
        }
    }
}

extension Principal {
    /// Whether it is one of many, and not whoever comes.
    var isNamed: Bool { name != Principal.anonymous.name }
}

/// A token bucket for each client, which holds a minute's worth and fills evenly. There are never more than ``capacity``.
struct TokenBuckets {
    enum Key: Hashable {
        case principal(String)
        case address(InternetAddress)
        /// One that has no plain address.
        case peer(String)
    }

    private struct Bucket {
        var tokens: Double
        var filled: ContinuousClock.Instant
    }

    static let defaultCapacity = 8192

    private let perMinute: Int
    private let capacity: Int
    private var buckets: [Key: Bucket] = [:]

    /// - Parameter perMinute: at least 1.
    init(perMinute: Int, capacity: Int = TokenBuckets.defaultCapacity) {
        precondition(perMinute > 0 && capacity > 0, "a bucket holds something")
        self.perMinute = perMinute
        self.capacity = capacity
    }

    var count: Int { buckets.count }

    mutating func take(for key: Key, at now: ContinuousClock.Instant) -> ClientRates.Verdict {
        var tokens = Double(perMinute)
        if let bucket = buckets[key] { tokens = level(of: bucket, at: now) } else if buckets.count >= capacity { makeRoom(at: now) }
        guard tokens >= 1 else {
            buckets[key] = Bucket(tokens: tokens, filled: now)
            return .refused(wait: max(1, Int(((1 - tokens) * 60 / Double(perMinute)).rounded(.up))), perMinute: perMinute)
        }
        buckets[key] = Bucket(tokens: tokens - 1, filled: now)
        return .admitted
    }

    private func level(of bucket: Bucket, at now: ContinuousClock.Instant) -> Double {
        let seconds = max(0, bucket.filled.duration(to: now) / .seconds(1))
        return min(Double(perMinute), bucket.tokens + seconds * Double(perMinute) / 60)
    }

    /// A full bucket says no more than none. Where that is not enough, those go that were asked for longest ago: several at once, so that
    /// the next clients find room without another look at all of them.
    private mutating func makeRoom(at now: ContinuousClock.Instant) {
        buckets = buckets.filter { level(of: $0.value, at: now) < Double(perMinute) }
        let room = capacity - max(1, capacity / 8)
        guard buckets.count > room else { return }
        let oldest = buckets.sorted { $0.value.filled < $1.value.filled }.prefix(buckets.count - room)
        for (key, _) in oldest { buckets.removeValue(forKey: key) }
    }
}
