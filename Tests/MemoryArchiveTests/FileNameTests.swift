import MemoryModel
import Testing

@testable import MemoryArchive

@Suite struct `Names of Markdown files` {
    private let day = Timestamp(milliseconds: 1_770_508_800_000)

    @Test func `a conversation is named by its day, title and id`() {
        #expect(
            FileName.of(conversation: "5e551011-0000-4000-8000-000000000001", title: "Fix: the /etc/hosts parser", begin: day)
                == "2026-02-08-Fix-the-etc-hosts-parser-5e551011-0000-4000-8000-000000000001.md")
    }

    @Test(arguments: ["../../etc/passwd", "a\u{0}b", "con", ".", "..", "", "日本語", "a/b", "a b"])
    func `no id leads out of the directory, and no two share a file`(id: String) {
        let name = FileName.of(conversation: id, title: nil, begin: day)
        #expect(!name.contains("/") && !name.utf8.contains(0) && name.hasPrefix("2026-02-08-") && name.hasSuffix(".md"))
        for other in ["a-b", "etc-passwd", "con2"] { #expect(name != FileName.of(conversation: other, title: nil, begin: day)) }
    }
}
