package import MemoryStore

/// One rule that every back end keeps. A back end's tests run all of ``all`` against stores of their own:
///
///     @Test(arguments: StoreRule.all)
///     func `the store keeps every rule`(rule: StoreRule) async throws { try await rule.check { ... } }
package struct StoreRule: Sendable, CustomStringConvertible {
    /// Opens the store under test, which is empty before the first call; a later call opens the same one again, as another
    /// process would.
    package typealias Opening = @Sendable () async throws -> any MemoryStore

    package var name: String
    package var check: @Sendable (Opening) async throws -> Void

    init(_ name: String, _ check: @escaping @Sendable (Opening) async throws -> Void) {
        self.name = name
        self.check = check
    }

    package var description: String { name }

    package static let all =
        capture + changes + chain + windows + titles + conversations + texts + timeOrder + search + searchText + completions + eras + sessions
        + tokens + origins + archives + accounts + erasure
}

/// A rule that was broken: what was expected, and what came.
package struct BrokenRule: Error, CustomStringConvertible {
    package var description: String
}

func expect<T: Equatable>(_ value: T, _ expected: T, _ what: String, line: Int = #line, file: StaticString = #fileID) throws {
    guard value != expected else { return }
    throw BrokenRule(description: "\(what): expected \(expected), got \(value) (\(file):\(line))")
}

func require<T>(_ value: T?, _ what: String, line: Int = #line, file: StaticString = #fileID) throws -> T {
    guard let value else { throw BrokenRule(description: "\(what) is missing (\(file):\(line))") }
    return value
}

func expectFailure<T>(
    _ code: StoreError.Code, _ what: String, line: Int = #line, file: StaticString = #fileID, _ body: () async throws -> T
) async throws {
    do {
        _ = try await body()
    } catch let error as StoreError {
        return try expect(error.code, code, what, line: line, file: file)
    }
    throw BrokenRule(description: "\(what): no error was thrown (\(file):\(line))")
}
