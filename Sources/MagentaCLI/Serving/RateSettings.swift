import HTTPService
import Listeners

/// What the settings say about how much one client may ask for, and who tells clients apart.
enum RateSettings {
    private static let defaultPerMinute = 1200
    private static let failedLoginsPerMinute = 20

    static func rate(_ settings: Settings) -> RequestRate {
        let perMinute = settings.rateLimit ?? defaultPerMinute
        var rate = RequestRate(
            perMinute: perMinute == 0 ? nil : perMinute, sparesLoopback: (settings.rateLimit ?? 0) == 0, failedLoginsPerMinute: failedLoginsPerMinute)
        rate.advice = "for more, start the server with a higher \(Setting.rateLimit.flag)"
        return rate
    }

    static func proxies(_ settings: Settings) throws -> TrustedProxies {
        var proxies = TrustedProxies()
        for text in settings.trustedProxies {
            if text == "unix" {
                proxies.trustsUnixSockets = true
            } else if let block = AddressBlock(text) {
                proxies.blocks.append(block)
            } else {
                throw UsageError(
                    "\(Setting.trustProxy.flag) is \"\(text.prefix(60))\" and neither an address nor a block of addresses. Fix: write the proxy's "
                        + "address, such as 10.0.0.5, 10.0.0.0/8 or fd00::/64; names are not looked up")
            }
        }
        return proxies
    }
}
