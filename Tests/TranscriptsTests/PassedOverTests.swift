import BinaryTesting
import Testing

@testable import Transcripts

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a look for transcripts leaves out, and says so.
@Suite struct `Transcripts that are passed over` {
    private func look(_ scratch: Scratch) throws -> (files: [String], problems: [String]) {
        var problems: [TranscriptProblem] = []
        let root = scratch.path("projects")
        let files = try TranscriptFiles.find(below: root) { problems.append($0) }
        for problem in problems {
            guard case .passedOver = problem else { throw TestFailure("\(problem)") }
        }
        return (files.map { String($0.path.dropFirst(root.count + 1)) }.sorted(), problems.map(\.description).sorted())
    }

    @Test func `a link is named with its target, where it hides transcripts`() async throws {
        try await Scratch.with { scratch in
            try scratch.write("{}\n", to: "projects/-p/one.jsonl")
            try scratch.write("{}\n", to: "elsewhere/two.jsonl")
            try scratch.write("a", to: "elsewhere/notes.txt")
            let links = [
                ("elsewhere", "projects/link"), ("elsewhere/two.jsonl", "projects/-p/two.jsonl"), ("elsewhere/notes.txt", "projects/-p/notes.txt"),
                ("absent", "projects/-p/three.jsonl"),
            ]
            for (target, link) in links { #expect(symlink(scratch.path(target), scratch.path(link)) == 0) }
            let (files, problems) = try look(scratch)
            #expect(files == ["-p/one.jsonl"])
            #expect(problems.count == 2, "\(problems)")
            for (problem, (target, link)) in zip(problems, [links[1], links[0]]) {
                #expect(problem.hasPrefix("passed over \(scratch.path(link)): it is a symbolic link, which is not followed; name its target with "))
                #expect(problem.hasSuffix("/\(target)`"), "\(problem)")
            }
        }
    }

    @Test func `what lies too deep is named, and an agent's hidden directory`() async throws {
        try await Scratch.with { scratch in
            try scratch.write("{}\n", to: "projects/1/2/3/4/5/one.jsonl")
            try scratch.write("{}\n", to: "projects/1/2/3/4/5/6/two.jsonl")
            try scratch.write("{}\n", to: "projects/.claude/projects/three.jsonl")
            try scratch.write("{}\n", to: "projects/.git/four.jsonl")
            let (files, problems) = try look(scratch)
            #expect(files == ["1/2/3/4/5/one.jsonl"])
            #expect(problems.count == 2, "\(problems)")
            #expect(problems.first?.contains("/.claude: directories with a leading dot are not looked through; name it") == true)
            #expect(problems.last?.contains("/5/6: it lies more than 5 directories deep; name it") == true)
        }
    }

    // Other systems have no such names.
    #if os(Linux)
        @Test func `a name that is no UTF-8 is named as far as it can be`() async throws {
            try await Scratch.with { scratch in
                let root = Array(try scratch.folder("projects").utf8)
                func path(_ name: [UInt8]) -> [CChar] { (root + [UInt8(ascii: "/")] + name + [0]).map { CChar(truncatingIfNeeded: $0) } }
                for name in [[0xFF] + Array("one.jsonl".utf8), [0xFF] + Array("notes.txt".utf8)] {
                    let file = open(path(name), O_WRONLY | O_CREAT, 0o600)
                    try #require(file >= 0)
                    close(file)
                }
                try #require(mkdir(path([0xFE]), 0o700) == 0)
                let (files, problems) = try look(scratch)
                #expect(files == [])
                #expect(problems.count == 2 && problems.allSatisfy { $0.contains("its name is no UTF-8") }, "\(problems)")
                #expect(problems.contains { $0.contains("/\u{FFFD}one.jsonl: ") })
                // Scratch could not remove what it cannot name.
                for name in [[0xFF] + Array("one.jsonl".utf8), [0xFF] + Array("notes.txt".utf8)] { unlink(path(name)) }
                rmdir(path([0xFE]))
            }
        }
    #endif

    @Test func `a directory full of links is told in few sentences, the same ones each time`() async throws {
        try await Scratch.with { scratch in
            try scratch.folder("projects")
            let target = try scratch.folder("elsewhere")
            for number in 0..<100 { #expect(symlink(target, scratch.path("projects/link\(number)")) == 0) }
            let (_, problems) = try look(scratch)
            #expect(problems.count == TranscriptFiles.maximumPassedOver + 1)
            #expect(problems.count { $0.hasPrefix("passed over more below ") } == 1)
            #expect(try look(scratch).problems == problems)
        }
    }
}
