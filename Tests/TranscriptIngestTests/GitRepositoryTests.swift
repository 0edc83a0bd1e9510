import BinaryTesting
import FoundationEssentials
import MemoryModel
import Redaction
import Synchronization
import Testing

@testable import TranscriptIngest

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite struct `A directory's repository` {
    @Test(arguments: [
        ("https://github.com/ana/atlas", "github.com/ana/atlas"),
        ("https://github.com/Ana/Atlas.git", "github.com/ana/atlas"),
        ("https://ana:ghp_x@github.com/ana/atlas.git/", "github.com/ana/atlas"),
        ("git@github.com:ana/atlas.git", "github.com/ana/atlas"),
        ("github.com:ana/atlas", "github.com/ana/atlas"),
        ("ssh://git@GitHub.com:22/ana/atlas.git", "github.com/ana/atlas"),
        ("https://git.example.org:8443/Team/Atlas?x=1", "git.example.org/Team/Atlas"),
        ("git://[2001:db8::1]:9418/atlas", "[2001:db8::1]/atlas"),
        ("/srv/git/atlas.git", "box:/srv/git/atlas"),
        ("file:///srv/git/atlas/.git", "box:/srv/git/atlas"),
    ])
    func `is named by what its remote's URL says, whoever fetches it and how`(url: String, identity: String) {
        #expect(RemoteURL.identity(url, machine: "box") == identity)
    }

    @Test(arguments: ["", "atlas", "../atlas", "https://github.com", "https:///x", "a/b:c", ":x", "ssh://host/"])
    func `is not named by what is no URL of a remote`(url: String) {
        #expect(RemoteURL.identity(url, machine: "box") == nil)
    }

    @Test func `has the first URL of each remote in its configuration`() {
        let text = """
            [core]
            \turl = /not/a/remote
            [remote "origin"]
            \tURL = "https://example.org/a" ; the mirror
            \turl = https://example.org/second
            \tfetch = +refs/heads/*:refs/remotes/origin/*
            [branch "main"]
            \turl = /nor/this
            [remote "up stream"]
            \turl=git@example.org:b.git
            """
        #expect(GitRepository.remoteURLs(text) == ["origin": "https://example.org/a", "up stream": "git@example.org:b.git"])
    }

    /// A `.git` as git lays it out, without a remote.
    private func repository(_ scratch: Scratch, _ name: String) throws -> String {
        try scratch.write("ref: refs/heads/main\n", to: "\(name)/.git/HEAD")
        try scratch.write("[core]\n\tbare = false\n", to: "\(name)/.git/config")
        return resolved(scratch.path("\(name)/.git"))
    }

    private func resolved(_ path: String) -> String { URL(filePath: path).resolvingSymlinksInPath().path }

    @Test func `without a remote is named by the machine and the common directory, in worktrees too`() async throws {
        try await Scratch.with { scratch in
            let common = try repository(scratch, "atlas")
            try scratch.folder("atlas/src/deep")
            try scratch.write("gitdir: \(common)/worktrees/x\n", to: "x/.git")
            try scratch.write("../..\n", to: "atlas/.git/worktrees/x/commondir")
            for place in ["atlas", "atlas/", "atlas/src/deep", "x"] {
                #expect(GitRepository.identity(of: scratch.path(place), machine: "box") == "box:\(common)", "\(place)")
            }
        }
    }

    @Test func `is none where the directory is gone, relative, or in no repository, and a pipe in its place does not hold anything up`() async throws
    {
        try await Scratch.with { scratch in
            _ = try repository(scratch, "atlas")
            try scratch.folder("plain")
            try scratch.folder("piped")
            try #require(mkfifo(scratch.path("piped/.git"), 0o600) == 0)
            for place in [scratch.path("atlas/gone"), "atlas", "", scratch.path("plain"), scratch.path("piped")] {
                #expect(GitRepository.identity(of: place, machine: "box") == nil, "\(place)")
            }
        }
    }

    @Test func `is asked for again after a while`() async throws {
        try await Scratch.with { scratch in
            let redactor = try Redactor(key: [UInt8](repeating: 7, count: 32))
            let time = Mutex<Int64>(0)
            let cache = RepositoryCache(machine: "box", redactor: redactor) { Timestamp(milliseconds: time.withLock { $0 }) }
            let directory = redactor.redact(try scratch.folder("atlas"))
            #expect(cache.repository(of: directory) == nil)
            let common = try repository(scratch, "atlas")
            #expect(cache.repository(of: directory) == nil, "remembered")
            time.withLock { $0 = 300_000 }
            #expect(cache.repository(of: directory)?.value == "box:\(common)")
        }
    }
}
