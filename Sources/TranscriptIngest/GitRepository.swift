package import MemoryModel
package import Redaction
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The repository that a working directory belongs to, found as git finds it, without running git.
///
/// A worktree's `.git` is a file that names its own directory, whose `commondir` names the one of the repository (gitrepository-layout(5)).
/// So worktrees meet in the common directory, and clones on other machines in the remote's URL.
enum GitRepository {
    /// Deeper directories are not looked through.
    private static let maximumDepth = 64
    private static let maximumFile = 1 << 20

    /// `HOST/PATH` of the remote `origin`, or of the only remote; else `MACHINE:COMMON_DIRECTORY`. `nil` for a directory that is gone, that
    /// is in no repository or that may not be looked into.
    static func identity(of directory: String, machine: String) -> String? {
        // The path is text from a transcript: what is not absolute means nothing here.
        guard directory.hasPrefix("/"), isDirectory(directory), let common = commonDirectory(above: directory) else { return nil }
        let remotes = text(common + "/config").map(remoteURLs) ?? [:]
        let url = remotes["origin"] ?? (remotes.count == 1 ? remotes.values.first : nil)
        if let url, let name = RemoteURL.identity(url, machine: machine) { return name }
        return "\(machine):\(common)"
    }

    private static func commonDirectory(above directory: String) -> String? {
        var current = directory
        while current.count > 1, current.hasSuffix("/") { current.removeLast() }
        for _ in 0..<maximumDepth {
            let entry = (current == "/" ? "" : current) + "/.git"
            if isDirectory(entry) { return access(entry + "/HEAD", F_OK) == 0 ? resolved(entry) : nil }
            if let pointer = text(entry), pointer.hasPrefix("gitdir: ") {
                let own = absolute(line(pointer.dropFirst(8)), in: current)
                guard let common = text(own + "/commondir") else { return resolved(own) }
                return resolved(absolute(line(common[...]), in: own))
            }
            guard current != "/", let slash = current.lastIndex(of: "/") else { return nil }
            current = slash == current.startIndex ? "/" : String(current[..<slash])
        }
        return nil
    }

    /// The URLs by the names of remotes: of git's configuration format, the part that `git remote add` writes.
    static func remoteURLs(_ configuration: String) -> [String: String] {
        var urls: [String: String] = [:]
        var remote: String?
        for line in configuration.split(whereSeparator: \.isNewline) {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if line.hasPrefix("[") {
                let name = line.dropFirst(9).prefix { $0 != "\"" }
                remote = line.hasPrefix("[remote \"") ? String(name) : nil
            } else if let remote, urls[remote] == nil, let equals = line.firstIndex(of: "="),
                line[..<equals].split(separator: " ").first?.lowercased() == "url"
            {
                let value = line[line.index(after: equals)...].drop { $0 == " " || $0 == "\t" }
                urls[remote] = String(value.prefix { $0 != " " && $0 != "\t" && $0 != "#" && $0 != ";" }.filter { $0 != "\"" })
            }
        }
        return urls
    }

    private static func line(_ text: Substring) -> String {
        String(text.prefix { !$0.isNewline })
    }

    private static func absolute(_ path: String, in directory: String) -> String {
        path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// A small regular file; `nil` for everything else, so that a FIFO holds nothing up.
    private static func text(_ path: String) -> String? {
        guard let file = try? SourceFile(path: path), file.size <= Int64(maximumFile) else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(file.size))
        let count = bytes.withUnsafeMutableBytes { (try? file.read(at: 0, into: $0)) ?? 0 }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}

/// The repositories of the directories that were asked for, remembered for a while: each record names its directory.
package final class RepositoryCache: Sendable {
    private struct Entry {
        var identity: RedactedText?
        var time: Timestamp
    }

    /// A remote may be added to a repository, or a directory become one, while a server runs.
    private static let lifetimeMilliseconds: Int64 = 300_000
    private static let maximumCount = 4096

    private let machine: String
    private let redactor: Redactor
    private let now: @Sendable () -> Timestamp
    private let entries = Mutex<[RedactedText: Entry]>([:])

    package init(machine: String, redactor: Redactor, now: @escaping @Sendable () -> Timestamp) {
        self.machine = machine
        self.redactor = redactor
        self.now = now
    }

    /// The repository's identity; see `GitRepository`. Reads a few small files the first time.
    package func repository(of directory: RedactedText) -> RedactedText? {
        let time = now()
        if let entry = entries.withLock({ $0[directory] }), abs(time.milliseconds - entry.time.milliseconds) < Self.lifetimeMilliseconds {
            return entry.identity
        }
        let identity = GitRepository.identity(of: directory.value, machine: machine).map { redactor.redact($0) }
        entries.withLock { entries in
            if entries.count >= Self.maximumCount { entries.removeAll() }
            entries[directory] = Entry(identity: identity, time: time)
        }
        return identity
    }
}
