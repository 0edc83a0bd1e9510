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
