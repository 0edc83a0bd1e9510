/// Whether events arrive when they are sent.
package struct StreamFacts: Sendable, Hashable {
    /// What the GET of an event stream on the target's path gave.
    package struct Opening: Sendable, Hashable {
        package var exchange: Exchange
        /// Until the first event; `nil` where none came in time.
        package var firstEvent: Duration?
        /// The data of the event `endpoint`.
        package var endpoint: String?
        /// Milliseconds, of the field `retry`.
        package var retry: Int?

        package init(exchange: Exchange, firstEvent: Duration? = nil, endpoint: String? = nil, retry: Int? = nil) {
            self.exchange = exchange
            self.firstEvent = firstEvent
            self.endpoint = endpoint
            self.retry = retry
        }
    }

    /// `GET /health/stream`: an event at 0 s and one at 1 s.
    package struct Pace: Sendable, Hashable {
        package var exchange: Exchange
        /// When each event arrived, from the request's end.
        package var arrivals: [Duration]

        package init(exchange: Exchange, arrivals: [Duration] = []) {
            self.exchange = exchange
            self.arrivals = arrivals
        }
    }

    package var opening: Fact<Opening> = .notChecked(notLookedAt)
    package var pace: Fact<Pace> = .notChecked(notLookedAt)

    package init() {}
}
