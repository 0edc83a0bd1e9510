package import HTTPTypes
package import Listeners

/// The peers whose word is taken about who stands behind them.
///
/// Each proxy writes whom it heard from at the right end of `X-Forwarded-For` or `Forwarded` (RFC 7239 section 5.2). So the list is read
/// from the right for as long as the names in it are those of trusted proxies; the first other one is the client, and what stands left of
/// it is what the client itself may have made up. `X-Forwarded-Host` is nobody's word: it never counts for the check of `Host`.
package struct TrustedProxies: Sendable, Hashable {
    package var blocks: [AddressBlock]
    /// Whether who comes over a unix socket is one.
    package var trustsUnixSockets: Bool

    /// More proxies than these behind each other are taken for a mistake.
    private static let maximumHops = 32

    package init(_ blocks: [AddressBlock] = [], trustsUnixSockets: Bool = false) {
        self.blocks = blocks
        self.trustsUnixSockets = trustsUnixSockets
    }

    /// Who asks, as far as the peer of the connection may be believed.
    package struct Client: Sendable, Hashable {
        /// In canonical form, without port.
        package var peer: String
        /// `nil` where ``peer`` is no plain address.
        package var address: InternetAddress?
        package var isSecure: Bool
        /// Whether a trusted proxy stands between: then nobody counts as local.
        package var isBehindProxy = false
        /// What the proxy wrote that cannot be read. The client is then the proxy itself, unless it is only ``Malformed/proto``.
        package var malformed: Malformed?

        package init(peer: String, isSecure: Bool) {
            self.peer = peer
            address = InternetAddress(peer)
            self.isSecure = isSecure
        }
    }

    package enum Malformed: String, Sendable, Hashable {
        case forwardedFor = "X-Forwarded-For"
        case forwarded = "Forwarded"
        case proto = "X-Forwarded-Proto"
        case disagreement = "Forwarded and X-Forwarded-For"
    }

    /// - Parameter peer: whose connection it is.
    package func client(behind peer: Client, fields: HTTPFields) -> Client {
        guard trusts(peer) else { return peer }
        var proxy = peer
        proxy.isBehindProxy = true
        do throws(Failure) {
            let plain = try fields[.forwardedFor].map { value throws(Failure) in
                try walk(ForwardedFor(value), from: proxy, proto: fields[.forwardedProto])
            }
            let standard = try fields[.forwarded].map { value throws(Failure) in try walk(ForwardedElements(value), from: proxy) }
            switch (plain, standard) {
            case (nil, nil):
                // Every proxy writes whom it heard from: this is a program beside it.
                guard let proto = fields[.forwardedProto] else { return peer }
                return proxy.with(proto: Self.lastItem(proto))
            case (let client?, nil), (nil, let client?): return client
            // A proxy that writes the one lets the other through as the client sent it.
            case (let one?, let other?):
                guard one.peer == other.peer else { throw Failure(.disagreement) }
                return other
            }
        } catch {
            proxy.malformed = error.what
            return proxy
        }
    }

    private func trusts(_ client: Client) -> Bool {
        guard let address = client.address else { return trustsUnixSockets && client.peer == "unix" }
        return blocks.contains { $0.contains(address) }
    }

    fileprivate struct Failure: Error {
        var what: Malformed

        init(_ what: Malformed) { self.what = what }
    }

    private func walk(_ items: ForwardedFor, from proxy: Client, proto: String?) throws(Failure) -> Client {
        var items = items
        var client = proxy
        var hops = 0
        repeat {
            hops += 1
            guard hops <= Self.maximumHops, let item = items.next(), let node = ForwardedNode(item) else { throw Failure(.forwardedFor) }
            // Somebody who is not named: whom the proxy was told of last is as near as one gets.
            guard case .address(let address) = node else { break }
            client.take(address)
        } while trusts(client) && !items.isAtEnd
        guard let proto else { return client }
        // A value for every hop, or one that the proxy before us set.
        return client.with(proto: ForwardedFor.item(proto, fromRight: hops - 1, ofAsManyAs: items.count) ?? Self.lastItem(proto))
    }

    private func walk(_ items: ForwardedElements, from proxy: Client) throws(Failure) -> Client {
        var items = items
        var client = proxy
        var hops = 0
        repeat {
            hops += 1
            guard hops <= Self.maximumHops, let element = items.next() else { throw Failure(.forwarded) }
            if let proto = element.proto {
                guard let isSecure = Self.isSecure(proto) else { throw Failure(.forwarded) }
                client.isSecure = isSecure
            }
            // An element may say less than whom it heard from (section 5: every parameter is optional).
            guard let text = element.for else { break }
            guard let node = ForwardedNode(text) else { throw Failure(.forwarded) }
            guard case .address(let address) = node else { break }
            client.take(address)
        } while trusts(client) && !items.isAtEnd
        return client
    }

    fileprivate static func isSecure(_ proto: some StringProtocol) -> Bool? {
        switch proto.lowercased() {
        case "https": true
        case "http": false
        default: nil
        }
    }

    private static func lastItem(_ value: String) -> Substring {
        var items = ForwardedFor(value)
        return items.next() ?? ""
    }
}

extension TrustedProxies.Client {
    fileprivate mutating func take(_ address: InternetAddress) {
        self.address = address
        peer = address.description
    }

    /// Some proxies let the client's own value through: one that is no good must not hide a good address.
    fileprivate func with(proto: Substring) -> Self {
        var client = self
        if let isSecure = TrustedProxies.isSecure(proto) { client.isSecure = isSecure } else { client.malformed = .proto }
        return client
    }
}
