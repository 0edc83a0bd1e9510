/// The environment variables that send requests through a proxy.
enum ProxyVariables {
    /// In the order in which Claude Code 2.1.330 prefers them, for http:// and https:// alike (measured). curl takes `http_proxy` in lower
    /// case alone for http://, and `https_proxy` for https:// alone.
    static let names = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]

    static func proxies(in environment: [String: String]) -> [EnvironmentFacts.Proxy] {
        names.compactMap { name in
            guard let value = environment[name], !value.isEmpty else { return nil }
            return .init(variable: name, address: withoutUser(value))
        }
    }

    /// The lower-case variable counts where both are set (Claude Code: measured; curl: documented).
    static func exceptions(in environment: [String: String]) -> [String] {
        let value = ["no_proxy", "NO_PROXY"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        return value.prefix(20_000).split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    /// Everything up to the last `@` goes, since a password may hold any character unescaped.
    private static func withoutUser(_ value: String) -> String {
        let scheme = value.firstRange(of: "://").map { value[..<$0.upperBound] } ?? ""
        let rest = value[scheme.endIndex...]
        let host = rest.lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest
        return String((scheme + host.prefix { $0 != "/" && $0 != "?" }).prefix(200))
    }
}
