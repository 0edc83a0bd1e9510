import MemoryModel
import MemoryStore
import Testing

@testable import MemoryArchive

@Suite struct `Rules of exclusion` {
    private func rules(_ kind: ExclusionRule.Kind, _ pattern: String) -> Exclusions {
        Exclusions([ExclusionRule(name: "rule", kind: kind, pattern: pattern, created: .distantPast)])
    }

    @Test(arguments: [
        ("/home/ana/zoo", "/home/ana/zoo", nil, true), ("/home/ana/zoo/", "/home/ana/zoo/cage", nil, true),
        ("/home/ana/zoo", "/home/ana/zoological", nil, false), ("zoo", "/home/ana/zoo", nil, true), ("zoo", "/home/zoo/ana", nil, false),
        ("github.com/ana/zoo", "/tmp/x", "github.com/ana/Zoo", true), ("zoo", "/tmp/x", "github.com/ana/zoo", true),
        ("github.com/ana/zoo", "/tmp/x", "github.com/ana/zoo2", false), ("/home/ana/zoo", nil, nil, false),
    ])
    func `a project is a directory with all below it, a repository, or the last component of either`(
        pattern: String, project: String?, repository: String?, isExcluded: Bool
    ) {
        #expect((rules(.project, pattern).rule(project: project, repository: repository) != nil) == isExcluded)
    }

    @Test(arguments: [
        ("zoo", "/home/ana/zoo/cage/door", true), ("zoo", "C:\\zoo\\cage", true), ("zoo", "/home/ana/zoo2/cage", false),
        ("zoo", "/home/ana/my zoo", false), ("ana", "/home/ana/zoo", false), ("ana", "C:\\Users\\ana\\zoo", false),
        ("root", "/root/zoo", false), ("ana", "/home/ana", true), ("ana", "/home/bo/ana/zoo", true), ("ana/zoo", "/home/ana/zoo", false),
        ("/", "/home/ana", true),
    ])
    func `a last component counts with all below it`(pattern: String, project: String, isExcluded: Bool) {
        #expect((rules(.project, pattern).rule(project: project, repository: "github.com/home/x") != nil) == isExcluded)
        #expect(rules(.project, "home").rule(project: "/tmp/x", repository: "github.com/home/x") == nil)
    }

    @Test(arguments: [
        ("/home/ana/zoo", "/home/ana", true), ("/home/ana", "/home/ana/zoo", false), ("/home/ana/", "/home/ana", false),
        ("/home/ana2", "/home/ana", false), ("/home/ana/zoo/cage", "zoo", true), ("zoo", "/home/ana/zoo/cage", false), ("zoo", "/home/ana", true),
        ("/home/ana", "zoo", false), ("github.com/ana/zoo", "/home/ana", true), ("/home/ana", "github.com/ana/zoo", false), ("zoo", "cage", false),
    ])
    func `of two projects one may lie within the other`(inner: String, outer: String, isNarrower: Bool) {
        #expect(ProjectSelector(inner).isNarrower(than: ProjectSelector(outer)) == isNarrower)
    }

    @Test(arguments: [
        ("/a/*/c.jsonl", "/a/b/c.jsonl", true), ("/a/*/c.jsonl", "/a/b/b/c.jsonl", false), ("/a/**/c.jsonl", "/a/b/b/c.jsonl", true),
        ("*.tmp", "/a/b.tmp", true), ("scratch/**", "/home/x/scratch/a/b", true), ("scratch/**", "/home/xscratch/a", false),
        ("?.jsonl", "/a/b.jsonl", true), ("?.jsonl", "/a/bb.jsonl", false), ("**/**/**/**/**/**/**/x", "/a/b/c/d/e/f/g/h/i/j/k/l", false),
    ])
    func `a path is a glob`(pattern: String, path: String, isExcluded: Bool) {
        #expect((rules(.path, pattern).rule(path: path) != nil) == isExcluded)
    }

    @Test func `lines before the first message belong to the project that the folder is named after`() {
        let rules = rules(.project, "/home/ana/my.zoo")
        #expect(rules.rule(folderOf: "/h/.claude/projects/-home-ana-my-zoo/s.jsonl") != nil)
        #expect(rules.rule(folderOf: "/h/.claude/projects/-home-ana-my-zoology/s.jsonl") == nil)
    }
}
