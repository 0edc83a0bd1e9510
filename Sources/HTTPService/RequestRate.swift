/// How many requests one client may send in a minute.
package struct RequestRate: Sendable, Hashable {
    /// Without end where `nil`.
    package var perMinute: Int?
    /// Whether clients of this host may send as many as they want, with good tokens and with others.
    package var sparesLoopback = true
    /// How many requests with a token that is not good are answered in full; `nil` for all of them.
    package var failedLoginsPerMinute: Int?
    /// What a person does about it, behind `Fix: try again in 2 s; ` in the answer.
    package var advice = "send fewer at once"

    package init(perMinute: Int? = nil, sparesLoopback: Bool = true, failedLoginsPerMinute: Int? = nil) {
        self.perMinute = perMinute
        self.sparesLoopback = sparesLoopback
        self.failedLoginsPerMinute = failedLoginsPerMinute
    }
}
