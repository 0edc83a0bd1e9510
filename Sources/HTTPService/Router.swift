package import HTTPTypes

/// Finds the route by path, then method, then `Accept`.
package struct Router: Sendable {
    package enum Match: Sendable {
        case route(Route)
        case wrongMethod(allowed: [HTTPRequest.Method])
        case notAcceptable(offered: [String])
        case unknownPath
    }

    /// Asked where no path matches, before 404; it throws or answers, and `nil` from ``Route/answer`` does not exist: it ends with
    /// ``RoutedRequest/unknownPath()``.
    package var fallback: Route?
    private var exact: [String: [Route]] = [:]
    /// Longest first.
    private var prefixes: [(prefix: String, routes: [Route])] = []

    package init(_ routes: [Route] = [], fallback: Route? = nil) {
        self.fallback = fallback
        for route in routes { add(route) }
    }

    package mutating func add(_ route: Route) {
        precondition(route.path.hasPrefix("/"), "a route's path starts with /")
        guard route.path.hasSuffix("/*") else {
            exact[route.path, default: []].append(route)
            return
        }
        let prefix = String(route.path.dropLast())
        if let place = prefixes.firstIndex(where: { $0.prefix == prefix }) {
            prefixes[place].routes.append(route)
        } else {
            prefixes.append((prefix, [route]))
            prefixes.sort { $0.prefix.utf8.count > $1.prefix.utf8.count }
        }
    }

    /// - Parameter accept: the values of `Accept`, asked for only where it decides.
    package func match(method: HTTPRequest.Method, path: String, accept: @autoclosure () -> [String]) -> Match {
        guard let routes = exact[path] ?? prefixes.first(where: { path.hasPrefix($0.prefix) })?.routes else {
            return .unknownPath
        }
        // The common case: one route on the path, no Accept to weigh.
        if routes.count == 1, routes[0].accept == nil {
            return routes[0].takes(method) ? .route(routes[0]) : .wrongMethod(allowed: Self.allowed(routes))
        }
        let candidates = routes.filter { $0.takes(method) }
        guard !candidates.isEmpty else { return .wrongMethod(allowed: Self.allowed(routes)) }
        let range = MediaRanges(accept())
        if let named = candidates.first(where: { $0.accept.map(range.names) ?? false }) { return .route(named) }
        if let plain = candidates.first(where: { $0.accept == nil }) { return .route(plain) }
        if let taken = candidates.first, range.takesAnything { return .route(taken) }
        return .notAcceptable(offered: candidates.compactMap(\.accept))
    }

    private static func allowed(_ routes: [Route]) -> [HTTPRequest.Method] {
        var methods: [HTTPRequest.Method] = []
        for route in routes {
            for method in route.methods where !methods.contains(method) { methods.append(method) }
            if let get = methods.firstIndex(of: .get), route.takes(.head), !methods.contains(.head) { methods.insert(.head, at: get + 1) }
        }
        return methods
    }
}

/// The media ranges of an `Accept` header (RFC 9110 section 12.5.1), without their order: a range is taken or refused (`q=0`).
struct MediaRanges {
    private var ranges: Set<String> = []
    private let isEmpty: Bool

    init(_ values: [String]) {
        for value in values {
            for item in value.split(separator: ",").prefix(50) {
                let parts = item.split(separator: ";").map { $0.trimmed }
                guard let range = parts.first, !range.isEmpty else { continue }
                let isRefused = parts.dropFirst().contains { part in
                    let text = part.lowercased()
                    return text.hasPrefix("q=") && text.dropFirst(2).allSatisfy { $0 == "0" || $0 == "." }
                }
                if !isRefused { ranges.insert(range.lowercased()) }
            }
        }
        isEmpty = values.isEmpty
    }

    func names(_ type: String) -> Bool {
        if ranges.contains(type) { return true }
        guard let slash = type.firstIndex(of: "/") else { return false }
        return ranges.contains(type[...slash] + "*")
    }

    /// No `Accept` at all takes anything too.
    var takesAnything: Bool { isEmpty || ranges.contains("*/*") }
}

extension Substring {
    var trimmed: Substring {
        var text = self
        while let first = text.utf8.first, first == 0x20 || first == 0x09 { text.removeFirst() }
        while let last = text.utf8.last, last == 0x20 || last == 0x09 { text.removeLast() }
        return text
    }
}
