import HTTPTypes
import HummingbirdCore
import Testing

@testable import HTTPService

@Suite struct `Routing` {
    let router = Router([
        Route(.get, path: "/", accept: "text/html") { _ in .text("viewer") },
        Route(.get, .post, .delete, path: "/", answersHead: false) { _ in .text("mcp") },
        Route(.get, path: "/health") { _ in .text("health") },
        Route(.get, path: "/only", accept: "text/html") { _ in .text("page") },
        Route(.get, path: "/a/*") { _ in .text("a") },
        Route(.get, path: "/a/b/*") { _ in .text("b") },
    ])

    func found(_ method: HTTPRequest.Method, _ path: String, _ accept: [String] = []) -> String {
        switch router.match(method: method, path: path, accept: accept) {
        case .route(let route): "\(route.path) \(route.accept ?? "any")"
        case .wrongMethod(let allowed): "allow \(allowed.map(\.rawValue).joined(separator: ","))"
        case .notAcceptable(let offered): "offer \(offered.joined(separator: ","))"
        case .unknownPath: "unknown"
        }
    }

    @Test(
        arguments: [
            (HTTPRequest.Method.get, "/health", [], "/health any"),
            (.head, "/health", [], "/health any"),
            (.post, "/health", [], "allow GET,HEAD"),
            (.get, "/health/", [], "unknown"),
            (.get, "/nothing", [], "unknown"),
            (.get, "/a/x", [], "/a/* any"),
            (.get, "/a/b/x/y", [], "/a/b/* any"),
            (.get, "/a/", [], "/a/* any"),
            (.get, "/a", [], "unknown"),
            (.get, "/", ["text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"], "/ text/html"),
            (.get, "/", ["text/*"], "/ text/html"),
            (.get, "/", ["text/event-stream"], "/ any"),
            (.get, "/", ["application/json, text/event-stream"], "/ any"),
            (.get, "/", ["*/*"], "/ any"),
            (.get, "/", ["text/html;q=0"], "/ any"),
            (.get, "/", [], "/ any"),
            (.post, "/", ["text/html"], "/ any"),
            (.put, "/", [], "allow GET,HEAD,POST,DELETE"),
            (.get, "/only", ["*/*"], "/only text/html"),
            (.get, "/only", [], "/only text/html"),
            (.get, "/only", ["TEXT/HTML"], "/only text/html"),
            (.get, "/only", ["application/json"], "offer text/html"),
        ] as [(HTTPRequest.Method, String, [String], String)])
    func `decides by path, method and Accept`(method: HTTPRequest.Method, path: String, accept: [String], expected: String) {
        #expect(found(method, path, accept) == expected)
    }
}

@Suite struct `HTTP date` {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"), (1_709_251_200, "Fri, 01 Mar 2024 00:00:00 GMT"),
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT"),
    ])
    func `is written as RFC 9110 wants it`(seconds: Int, text: String) {
        #expect(HTTPDate.text(unixSeconds: seconds) == text)
    }
}

@Suite struct `Request id` {
    @Test func `counts on and fits into a string off the heap`() {
        let identifiers = RequestIdentifiers(seed: 0xAB)
        #expect(identifiers.next() == "0000ab-0")
        #expect(identifiers.next() == "0000ab-1")
    }
}

@Suite struct `Text from outside` {
    @Test func `is shown on one bounded line`() {
        #expect(quotable("a\r\nb\"c\\\u{7f}\u{e9}") == "a??b?c???")
        #expect(quotable(String(repeating: "x", count: 101), limit: 100).utf8.count == 103)
    }
}
