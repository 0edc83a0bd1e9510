import Diagnosis

/// Claude Code sends every request through a proxy that a variable names, even to 127.0.0.1, unless NO_PROXY names the host.
enum ProxyRules {
    /// The proxy that takes requests for the target away; `nil` where none does.
    static func taken(_ report: Report) -> EnvironmentFacts.Proxy? { taken(report.target, report.environment) }

    static func taken(_ target: Target, _ facts: EnvironmentFacts) -> EnvironmentFacts.Proxy? {
        guard !ProxyExceptions(facts.proxyExceptions).cover(host: target.host, port: target.port) else { return nil }
        return facts.proxies.first
    }

    static func environment(_ report: Report) -> Check {
        let facts = report.environment
        guard let proxy = facts.proxies.first else { return Check(.environmentProxy, .ok, "proxies", "no variable names one") }
        guard taken(report) != nil else {
            return Check(.environmentProxy, .ok, proxy.variable, "\(proxy.address), but NO_PROXY names \(report.target.host)")
        }
        let exceptions = facts.proxyExceptions.isEmpty ? "NO_PROXY is not set" : "NO_PROXY does not name \(report.target.host)"
        let items = (facts.proxyExceptions.filter { $0 != report.target.host } + [report.target.host]).joined(separator: ",")
        // The proxy may pass requests on, and then nothing is broken, but slow and fragile. What was not tried is not known to be broken.
        let isBroken = !report.isReachedThroughProxy && !report.target.isSecure && report.http.throughProxy?.answer?.status != 407
        return Check(
            .environmentProxy, isBroken ? .fail : .warn, proxy.variable,
            "Claude Code will send this through \(proxy.address): \(exceptions)",
            cause: "Claude Code follows \(proxy.variable) for every host, loopback and containers too",
            fix: "set NO_PROXY=\(items) and no_proxy to the same where Claude Code starts")
    }

    /// The target's own answer. A server of another make has no /health, and says 404 or 405 to it.
    static func isPassedOn(_ answer: Exchange.Answer) -> Bool { answer.status < 400 || [401, 404, 405, 421].contains(answer.status) }

    static func answer(_ report: Report) -> Check? {
        guard let proxy = taken(report), let exchange = report.http.throughProxy else { return nil }
        switch exchange.outcome {
        case .answered(let answer) where isPassedOn(answer):
            return Check(.httpProxy, .ok, proxy.address, "passes the request on (HTTP \(answer.status))", duration: exchange.duration)
        case .answered(let answer) where answer.status == 407:
            return Check(
                .httpProxy, .warn, proxy.address, "wants a login (HTTP 407), which is not sent from here", duration: exchange.duration,
                cause: "whether the proxy reaches \(report.target.authority) is not known", fix: "set NO_PROXY=\(report.target.host)")
        case .answered(let answer):
            return Check(
                .httpProxy, .fail, proxy.address, "answers HTTP \(answer.status) itself", duration: exchange.duration,
                cause: "the proxy does not reach \(report.target.authority), or may not", fix: "set NO_PROXY=\(report.target.host)")
        case .closed, .timedOut, .failed:
            return Check(
                .httpProxy, .fail, proxy.address, exchange.outcome.words, duration: exchange.duration,
                cause: "the proxy that \(proxy.variable) names does not answer", fix: "set NO_PROXY=\(report.target.host), or unset \(proxy.variable)"
            )
        }
    }
}

extension Exchange.Outcome {
    /// In a few words.
    var words: String {
        switch self {
        case .answered(let answer): "HTTP \(answer.status)"
        case .closed: "closed without an answer"
        case .timedOut: "no answer in time"
        case .failed(let reason): reason
        }
    }
}
