import Testing
import Transcripts

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite("Persisted tool output")
struct PersistedOutputTests {
    private static let session = "11111111-2222-4333-8444-555555555555"

    /// A session with one persisted output, and things beside it that must not be read.
    private func withSession(_ body: (TranscriptLocation) throws -> Void) throws {
        var template = Array("\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/magenta-output-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in buffer.baseAddress.flatMap { mkdtemp($0) } != nil }
        try #require(made)
        let root = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { remove(root) }
        let project = root + "/-p"
        let results = "\(project)/\(Self.session)/tool-results"
        for directory in [project, "\(project)/\(Self.session)", results] { try #require(mkdir(directory, 0o700) == 0) }
        try write("secret", to: root + "/outside.txt")
        try write("the whole output", to: results + "/b1.txt")
        try #require(symlink(root + "/outside.txt", results + "/link.txt") == 0)
        try #require(mkdir(results + "/folder", 0o700) == 0)
        try #require(mkfifo(results + "/pipe", 0o600) == 0)
        try body(try #require(TranscriptLocation(path: "\(project)/\(Self.session).jsonl", under: root)))
    }

    private func write(_ text: String, to path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT, 0o600)
        try #require(file >= 0)
        _ = Array(text.utf8).withUnsafeBytes { Self.write(file, $0.baseAddress, $0.count) }
        close(file)
    }

    private static func write(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Darwin)
            Darwin.write(file, bytes, count)
        #elseif canImport(Glibc)
            Glibc.write(file, bytes, count)
        #elseif canImport(Musl)
            Musl.write(file, bytes, count)
        #endif
    }

    private func remove(_ path: String) {
        if let directory = opendir(path) {
            var names: [String] = []
            while let entry = readdir(directory) {
                names.append(
                    withUnsafePointer(to: &entry.pointee.d_name) {
                        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                    })
            }
            closedir(directory)
            for name in names where name != "." && name != ".." {
                let child = path + "/" + name
                if unlink(child) != 0 { remove(child) }
            }
        }
        rmdir(path)
    }

    @Test func `the file is found by its name whatever machine wrote the path`() throws {
        try withSession { location in
            for path in ["/home/other/.claude/projects/-q/x/tool-results/b1.txt", #"C:\Users\x\tool-results\b1.txt"#, "b1.txt"] {
                let bytes = try PersistedOutput.read(path, of: location)
                #expect(String(decoding: bytes, as: UTF8.self) == "the whole output")
            }
            let head = try PersistedOutput.read("b1.txt", of: location, limit: 3)
            #expect(head == Array("the".utf8))
        }
    }

    @Test func `nothing but a plain file of that directory is read`() throws {
        try withSession { location in
            #expect(throws: PersistedOutput.Failure.notAFile) { try PersistedOutput.read("link.txt", of: location) }
            #expect(throws: PersistedOutput.Failure.notAFile) { try PersistedOutput.read("folder", of: location) }
            #expect(throws: PersistedOutput.Failure.notAFile) { try PersistedOutput.read("pipe", of: location) }
            #expect(throws: PersistedOutput.Failure.absent) { try PersistedOutput.read("../../../outside.txt", of: location) }
            #expect(throws: PersistedOutput.Failure.invalidName) { try PersistedOutput.read("/x/..", of: location) }
            #expect(throws: PersistedOutput.Failure.invalidName) { try PersistedOutput.read("", of: location) }
        }
    }
}
