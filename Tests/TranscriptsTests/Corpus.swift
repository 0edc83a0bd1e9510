import JSON
import MemoryModel
import Redaction
import Testing
import Transcripts

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Whole directories of transcripts, read from disk and counted.
enum Corpus {
    /// What came of the lines.
    struct Tally {
        var files = 0
        var lines = 0
        var blank = 0
        var boundaries = 0
        var boundaryIDs: Set<String> = []
        var spawns = 0
        var emptyResults = 0
        var refused: [String: Int] = [:]
        var rules: [BookkeepingRule: Int] = [:]
        var kinds: [MessageKind: Int] = [:]
        /// Distinct windows by the first word of their opener.
        var openers: [String: Int] = [:]
        /// The openers of sub-agents' windows; a forked session repeats them in another conversation.
        var agents: Set<String> = []
        /// For each generated search term the records that hold it.
        var needles: [String: Set<String>] = [:]
        /// Which of the watched texts occurred.
        var watched: Set<String> = []
    }

    static var shared: String {
        if let path = getenv("MAGENTA_SHARED") { return String(cString: path) }
        return #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/") + "/../shared"
    }

    static var hasRealTranscripts: Bool { access(shared + "/data/transcripts", R_OK) == 0 }
    static var hasGenerator: Bool { access(generator, R_OK) == 0 && access("/usr/bin/python3", X_OK) == 0 }
    private static var generator: String { shared + "/tools/gen_transcripts.py" }

    static func tally(of root: String, watching watched: [String] = [], exactValues: [String] = []) throws -> Tally {
        let redactor = try Redactor(key: [UInt8](repeating: 2, count: 32), exactValues: exactValues)
        let echoes = OwnEchoes(toolNames: ["search_messages"], marker: "")
        let lineReader = TranscriptLineReader()
        var tally = Tally()
        var windows: Set<TranscriptWindow> = []
        for path in files(under: root) {
            guard let location = TranscriptLocation(path: path, under: root) else { continue }
            tally.files += 1
            var reader = ClaudeCodeReader(location: location, echoes: echoes, redactor: redactor, time: .distantPast)
            var splitter = LineSplitter()
            try contents(path).withUnsafeBytes { bytes in
                try splitter.append(bytes) { line throws(RedactionError) in
                    tally.lines += 1
                    guard case .bytes(let bytes) = line.content else { return tally.refused["too-long", default: 0] += 1 }
                    let value: JSONValue?
                    do throws(LineRefusal) { value = try lineReader.read(bytes) } catch {
                        return tally.refused[error.name, default: 0] += 1
                    }
                    guard let value else { return tally.blank += 1 }
                    let redacted = try redactor.redact(value)
                    if !watched.isEmpty {
                        walk(redacted.value) { text in for word in watched where text.contains(word) { tally.watched.insert(word) } }
                    }
                    let entry = reader.next(redacted, at: line.offset)
                    count(entry, &tally)
                    if entry.record.message != nil || entry.opensWindow { windows.insert(entry.window) }
                }
            }
        }
        for window in windows where window.opener.opening == .agent { tally.agents.insert(window.opener.text.value) }
        for window in windows { tally.openers[String(window.opener.text.value.prefix { $0 != ":" }), default: 0] += 1 }
        return tally
    }

    private static func count(_ entry: TranscriptEntry, _ tally: inout Tally) {
        for case .spawn in entry.facts { tally.spawns += 1 }
        switch entry.record.content {
        case .boundary:
            tally.boundaries += 1
            tally.boundaryIDs.insert(entry.window.conversation.value + (entry.record.id?.value ?? ""))
        case .bookkeeping(let rule): tally.rules[rule, default: 0] += 1
        case .message(let message):
            tally.kinds[message.kind, default: 0] += 1
            for block in message.blocks {
                if block.kind == .toolResult, block.text.isEmpty { tally.emptyResults += 1 }
                for range in block.text.value.ranges(of: "needle") {
                    let word = String(block.text.value[range.lowerBound...].prefix(12))
                    tally.needles[word, default: []].insert(entry.record.id?.value ?? "")
                }
            }
        }
    }

    private static func walk(_ value: JSONValue, _ visit: (String) -> Void) {
        switch value {
        case .string(let text): visit(text)
        case .array(let elements): for element in elements { walk(element, visit) }
        case .object(let object):
            for member in object.members {
                visit(member.key)
                walk(member.value, visit)
            }
        default: break
        }
    }
}

// Files and the generator, without Foundation.
extension Corpus {
    struct Failure: Error {
        var what: String
    }

    static func generate(_ arguments: [String]) throws -> (root: String, manifest: JSONValue) {
        var template = Array("\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/magenta-corpus-XXXXXX".utf8CString)
        let pointer = template.withUnsafeMutableBufferPointer { buffer in buffer.baseAddress.flatMap { mkdtemp($0) } }
        guard pointer != nil else { throw Failure(what: "mkdtemp") }
        let made = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let words =
            ["/bin/sh", "-c", #"out=$1; shift; exec /usr/bin/python3 "$0" --out "$out" "$@" > /dev/null"#, generator, made] + arguments
        var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var child: pid_t = 0
        guard posix_spawn(&child, "/bin/sh", nil, nil, &pointers, environ) == 0 else { throw Failure(what: "posix_spawn") }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        guard status == 0 else { throw Failure(what: "the generator ended with \(status)") }
        return (made, try JSONReader(refusesDuplicateKeys: false).read(contents(made + "/manifest.json")))
    }

    static func files(under directory: String) -> [String] {
        entries(of: directory).flatMap { name in
            let path = directory + "/" + name
            return isDirectory(path) ? files(under: path) : [path]
        }
    }

    static func remove(_ directory: String) {
        for name in entries(of: directory) {
            let path = directory + "/" + name
            if isDirectory(path) { remove(path) } else { unlink(path) }
        }
        rmdir(directory)
    }

    private static func entries(of directory: String) -> [String] {
        guard let handle = opendir(directory) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func contents(_ path: String) throws -> [UInt8] {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { throw Failure(what: path) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}
