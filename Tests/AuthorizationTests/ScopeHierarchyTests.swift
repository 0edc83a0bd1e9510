import Access
import Testing

@testable import Authorization

@Suite struct ScopeHierarchyTests {
    @Test func `admin is enough for write and write for read, not the other way`() {
        let scopes = ScopeHierarchy.standard
        #expect(scopes.satisfies([.admin], [.read, .write, .admin]))
        #expect(scopes.satisfies([.write], [.read]))
        #expect(!scopes.satisfies([.read], [.write]))
        #expect(scopes.missing([.write], [.read, .write, .admin]) == [.admin])
        #expect(scopes.satisfies([], []) && !scopes.satisfies([], [.read]))
    }

    @Test func `one's own hierarchies may branch and even run in a circle`() {
        let (a, b, c) = (Scope(rawValue: "a"), Scope(rawValue: "b"), Scope(rawValue: "c"))
        let branched = ScopeHierarchy([a: [b, .read], b: [c]])
        #expect(branched.expanded([a]) == [a, b, c, .read])
        #expect(branched.missing([b], [a, c]) == [a])
        #expect(ScopeHierarchy([a: [b], b: [a]]).expanded([b]) == [a, b])
        #expect(!ScopeHierarchy.flat.satisfies([.admin], [.read]))
        #expect(ScopeHierarchy(broadestFirst: [a, b, c]).satisfies([a], [c]))
        #expect(ScopeHierarchy(broadestFirst: []).expanded([a]) == [a])
    }
}
