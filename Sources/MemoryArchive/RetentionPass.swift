package import MemoryModel
package import MemoryStore

/// Erases what is older than the rules of retention keep.
///
/// A project with a rule of its own is not looked at by the rule for everything, nor by that of a directory around it. What goes is what
/// `forget` would take for the same messages, and it goes as finally; the file is written anew only where a quarter of it is free by then.
package struct RetentionPass: Sendable {
    private let store: any ErasureStore & RuleStore

    package init(of store: any ErasureStore & RuleStore) {
        self.store = store
    }

    /// - Returns: how many messages were too old.
    package func run(at now: Timestamp, progress: @escaping @Sendable (String) -> Void = { _ in }) async throws(StoreError) -> Int {
        var count = 0
        for selection in try await selections(at: now) { count += try await begin(selection) }
        try await store.finishErasure(.whenWorthwhile, progress: progress)
        return count
    }

    /// How many messages are too old, without changing anything.
    package func preview(at now: Timestamp) async throws(StoreError) -> Int {
        var count = 0
        for selection in try await selections(at: now) {
            do throws(StoreError) { count += try await store.previewErasure(selection).messages } catch  where error.code == .invalid {}
        }
        return count
    }

    private func selections(at now: Timestamp) async throws(StoreError) -> [ErasureSelection] {
        let rules = try await store.retentions()
        return rules.compactMap { rule in
            guard let days = rule.days else { return nil }
            var selection = ErasureSelection()
            selection.filter.project = rule.project
            selection.filter.until = Timestamp(milliseconds: now.milliseconds - Int64(days) * 86_400_000)
            selection.exceptProjects = rules.filter { Self.goesBefore($0, rule) }.compactMap(\.project)
            return selection
        }
    }

    /// Of two names each may lie in the other; there the longer time holds, since what is gone is gone.
    private static func goesBefore(_ rule: RetentionRule, _ other: RetentionRule) -> Bool {
        guard let inner = rule.project else { return false }
        guard let outer = other.project else { return true }
        switch (ProjectSelector(inner), ProjectSelector(outer)) {
        case (.name, .name): return (rule.days ?? .max) > (other.days ?? .max)
        case (let inner, let outer): return inner.isNarrower(than: outer)
        }
    }

    /// A project that the store does not know has nothing that is too old.
    private func begin(_ selection: ErasureSelection) async throws(StoreError) -> Int {
        do throws(StoreError) { return try await store.beginErasure(selection).messages } catch  where error.code == .invalid { return 0 }
    }
}
