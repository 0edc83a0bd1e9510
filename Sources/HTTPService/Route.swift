package import HTTPTypes
package import HummingbirdCore

/// What answers a method on a path.
package struct Route: Sendable {
    package typealias Answer = @Sendable (RoutedRequest) async throws -> Response
    /// Decides what to answer while work that it began goes on, and hands the response to `send`, once. Returns when all of it is done.
    ///
    /// What it throws before it has sent is answered like what an ``Answer`` throws.
    package typealias LateAnswer = @Sendable (RoutedRequest, _ send: (Response) async throws -> Void) async throws -> Void

    enum Kind: Sendable {
        case whole(Answer)
        case late(LateAnswer)
    }

    package var methods: [HTTPRequest.Method]
    /// `/health`, or with a last component `*` everything below: `/.well-known/*`.
    package var path: String
    /// A media type such as `text/html`. A request that names it (or its type, `text/*`) in `Accept` comes here before any route without one;
    /// a request that takes anything comes here only where no other route stands.
    package var accept: String?
    /// Whether it is answered without credentials. The principal is then `anonymous` with no scopes, unless good credentials came.
    package var isAnonymous: Bool
    /// Whether HEAD is answered by the GET route with its body left out. A route that opens a stream says no.
    package var answersHead: Bool
    /// Whether it is what health checks ask: from loopback it is answered however often.
    package var isProbe = false
    /// Where it differs from the service's.
    package var maximumBodyBytes: Int?
    let kind: Kind

    package init(
        _ methods: HTTPRequest.Method..., path: String, accept: String? = nil, isAnonymous: Bool = false, answersHead: Bool = true,
        maximumBodyBytes: Int? = nil, answer: @escaping Answer
    ) {
        self.init(
            methods, path: path, accept: accept, isAnonymous: isAnonymous, answersHead: answersHead, maximumBodyBytes: maximumBodyBytes,
            kind: .whole(answer))
    }

    package init(
        _ methods: HTTPRequest.Method..., path: String, isAnonymous: Bool = false, answersHead: Bool = true,
        maximumBodyBytes: Int? = nil, late answer: @escaping LateAnswer
    ) {
        self.init(
            methods, path: path, accept: nil, isAnonymous: isAnonymous, answersHead: answersHead, maximumBodyBytes: maximumBodyBytes,
            kind: .late(answer))
    }

    private init(
        _ methods: [HTTPRequest.Method], path: String, accept: String?, isAnonymous: Bool, answersHead: Bool, maximumBodyBytes: Int?,
        kind: Kind
    ) {
        self.methods = methods
        self.path = path
        self.accept = accept
        self.isAnonymous = isAnonymous
        self.answersHead = answersHead
        self.maximumBodyBytes = maximumBodyBytes
        self.kind = kind
    }

    func takes(_ method: HTTPRequest.Method) -> Bool {
        methods.contains(method) || (method == .head && answersHead && methods.contains(.get))
    }
}
