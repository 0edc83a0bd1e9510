import JSON

/// Thrown by a handler that can do nothing before the user has opened a page, and does not wait for it.
///
/// A client of 2025-11-25 gets error -32042 with the pages, one of 2026-07-28 the questions as the result of its request, an older one a
/// sentence with the addresses.
public struct URLElicitationRequired: Error, Sendable, Hashable {
    /// What the user reads, the page, and the id that correlates the page's end with the question.
    public struct Page: Sendable, Hashable {
        /// What the user reads.
        public var message: String
        /// https, and without anything that lets whoever has it in.
        public var url: String
        /// Names this page in `notifications/elicitation/complete`.
        public var id: String

        /// A page with its parts.
        public init(_ message: String, url: String, id: String) {
            self.message = message
            self.url = url
            self.id = id
        }
    }

    /// The pages, in the order in which they should be opened.
    public var pages: [Page]

    /// - Parameter pages: the pages, in the order in which they should be opened.
    public init(_ pages: Page...) { self.pages = pages }

    var sentence: String { "First open " + pages.map { "\($0.url) (\($0.message))" }.joined(separator: ", then ") + "." }

    /// -32042, which exists in 2025-11-25 alone.
    var error: JSONRPCError {
        JSONRPCError(
            .urlElicitationRequired, sentence,
            data: [
                "elicitations": .array(
                    pages.map { .object(Elicitation($0.message, url: $0.url, id: $0.id).params(for: .v2025_11_25)) })
            ])
    }

    /// The questions of 2026-07-28; each page is asked for again until the handler no longer needs it.
    var questions: InputRequired {
        InputRequired(
            requests: JSONObject(
                pages.map { page in
                    .init(
                        key: page.id,
                        value: [
                            "method": "elicitation/create",
                            "params": .object(Elicitation(page.message, url: page.url, id: page.id).params(for: .newest)),
                        ])
                }), state: nil)
    }
}

extension RequestContext {
    /// Tells a client of 2025-11-25 that the page of an elicitation has done its part; the other revisions have no such message.
    public func elicitationCompleted(_ id: String) {
        guard revision == .v2025_11_25 else { return }
        channel.send(JSONRPCNotification(method: "notifications/elicitation/complete", params: ["elicitationId": .string(id)]))
    }

    /// What a handler's wish for a page comes to in this revision.
    func outcome(of wish: URLElicitationRequired) -> any Error {
        let question = ClientQuestion.elicitation(Elicitation("", url: "", id: ""))
        if revision < .v2025_11_25 { return ToolFailure(wish.sentence) }
        guard canAsk(question) else { return cannotAnswer(question) }
        return revision.isLegacy ? wish.error : wish.questions
    }
}
