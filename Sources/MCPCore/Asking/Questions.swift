public import JSON

/// How the questions of one request reach the client; the era decides.
enum Questions: Sendable {
    /// Legacy revisions: a request down the stream of the request that caused it.
    case channel(any ClientChannel)
    /// 2026-07-28: the answer lists the questions, and the client sends its request again with what was answered.
    case rounds(InputRound)
    /// The request became a task, which waits with its questions.
    case task(TaskRun)
    /// Nothing may be asked here.
    case forbidden(method: String)
}

extension RequestContext {
    /// Asks the client and waits for all of its answers.
    ///
    /// Write it once: legacy clients are asked on the stream of this request, tasks wait, and a client of 2026-07-28 gets the questions as
    /// the result of its request, which it sends again with the answers. **The handler then runs again from its start**, so ask first and act
    /// afterwards, let no `catch` keep what this throws, and give each question the same key in every run. Answers of earlier
    /// rounds are kept in `requestState`.
    ///
    /// - Parameters:
    ///   - questions: what to ask, each under a key that is unique in this handler.
    ///   - state: what ``askedState`` gives back in the next round; only 2026-07-28 has rounds. It is encrypted on its way.
    /// - Returns: the result that answers each question; it has the shape that the question asks for.
    /// - Throws: what the client has to be told, where it cannot answer.
    public func ask(_ questions: KeyValuePairs<String, ClientQuestion>, state: JSONValue? = nil) async throws -> [String: JSONObject] {
        try await ask(questions.map { ($0.key, $0.value) }, state: state)
    }

    /// Asks the client questions that were put together at run time; see ``ask(_:state:)-swift.method``.
    public func ask(_ questions: [(key: String, question: ClientQuestion)], state: JSONValue? = nil) async throws -> [String: JSONObject] {
        if let question = questions.first(where: { !canAsk($0.question) })?.question { throw cannotAnswer(question) }
        switch self.questions {
        case .channel(let channel):
            var answers: [String: JSONObject] = [:]
            for (key, question) in questions { answers[key] = try await ask(question, over: channel) }
            return answers
        case .rounds(let round): return try round.answers(to: questions, state: state, revision: revision)
        case .task(let task): return try await task.answers(to: questions, revision: revision)
        case .forbidden(let method):
            throw JSONRPCError(.internalError, "The server wanted to ask something in answer to \(method), which this revision does not allow.")
        }
    }

    /// Whether the client declared that it can answer this.
    public func canAsk(_ question: ClientQuestion) -> Bool { question.isAnswerable(with: clientCapabilities, in: revision) }

    /// What the round before gave to ``ask(_:state:)``; `nil` in the first round and in revisions without rounds.
    public var askedState: JSONValue? {
        guard case .rounds(let round) = questions else { return nil }
        return round.state
    }

    /// Asks the user to fill in a form or to open a page.
    public func elicit(_ elicitation: Elicitation) async throws -> ElicitationAnswer { try await elicit("elicitation", elicitation) }

    /// Asks the user to fill in a form or to open a page, in a handler that asks more than once.
    public func elicit(_ key: String, _ elicitation: Elicitation) async throws -> ElicitationAnswer {
        let answer = try await ask([key: .elicitation(elicitation)])[key].flatMap(ElicitationAnswer.init)
        return answer ?? ElicitationAnswer(.cancel)
    }

    /// Asks the client's model.
    public func sample(_ sampling: Sampling) async throws -> SamplingAnswer { try await sample("sampling", sampling) }

    /// Asks the client's model, in a handler that asks more than once.
    public func sample(_ key: String, _ sampling: Sampling) async throws -> SamplingAnswer {
        guard let answer = try await ask([key: .sampling(sampling)])[key].flatMap(SamplingAnswer.init) else {
            throw ClientUnreachable("The client's answer to the sampling cannot be read.")
        }
        return answer
    }

    /// Asks which directories the client works in.
    public func roots(_ key: String = "roots") async throws -> [Root] {
        try await ask([key: .roots])[key].flatMap(Root.list) ?? []
    }

    private func ask(_ question: ClientQuestion, over channel: any ClientChannel) async throws -> JSONObject {
        let answer = try await channel.ask(question.method, question.params(for: revision))
        if let complaint = question.complaint(about: answer) {
            throw ClientUnreachable("The client's answer to \(question.method) cannot be used: \(complaint)")
        }
        return answer.object ?? JSONObject()
    }

    /// -32021 where the revision has it; else a sentence that the model gets to read.
    func cannotAnswer(_ question: ClientQuestion) -> any Error {
        let sentence = "This needs a client that declares the capability for \(question.name), and this one does not."
        guard !revision.isLegacy else { return ClientUnreachable(sentence) }
        return JSONRPCError(
            .missingCapability, sentence, data: ["requiredCapabilities": .object(question.neededCapabilities(beside: clientCapabilities))])
    }
}
