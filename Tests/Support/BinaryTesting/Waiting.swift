/// Why a test cannot go on.
package struct TestFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// Asks again until `condition` gives a value; throws at the deadline.
package func eventually<Value>(
    within timeout: Duration, _ what: String, _ condition: () async throws -> Value?
) async throws -> Value {
    let clock = ContinuousClock()
    let deadline = clock.now + timeout
    while true {
        if let value = try await condition() { return value }
        if clock.now >= deadline { throw TestFailure("waited \(timeout) for \(what)") }
        try await clock.sleep(for: .milliseconds(10))  // lint: between two looks at the condition
    }
}

/// Runs `body`, cancels it at the deadline and throws then.
package func within<Value: Sendable>(
    _ timeout: Duration, _ what: String, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await ContinuousClock().sleep(for: timeout)  // lint: the deadline itself
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else { throw TestFailure("waited \(timeout) for \(what)") }
        return value
    }
}
