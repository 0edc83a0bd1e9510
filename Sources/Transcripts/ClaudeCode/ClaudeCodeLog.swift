import JSON

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What Claude Code wrote down of its last attempt to connect to one MCP server (measured with 2.1.331): one file an attempt,
/// `mcp-logs-NAME/TIME.jsonl` in the cache's folder of the directory in which it was started, one JSON object a line.
package struct ClaudeCodeLog: Sendable, Hashable {
    package var file: String
    /// The first line of the last error; `nil` where the attempt had none.
    package var error: String?
    /// RFC 3339, of that error or of the last line.
    package var time: String

    package init(file: String, error: String?, time: String) {
        self.file = file
        self.error = error
        self.time = time
    }

    private static let byteLimit = 256 << 10
    private static let fileLimit = 10_000

    /// The newest one; `nil` where there is none. Blocking: it reads one folder and the end of one small file.
    package static func newest(of server: String, home: String, directory: String, environment: [String: String]) -> ClaudeCodeLog? {
        let project = String(directory.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        let folder = "\(cache(home, environment))/claude-cli-nodejs/\(project)/mcp-logs-\(server)"
        // Their names are times, so the last by name is the newest.
        guard let name = names(in: folder).filter({ $0.hasSuffix(".jsonl") }).max() else { return nil }
        let file = "\(folder)/\(name)"
        guard let text = end(of: file) else { return nil }
        var log = ClaudeCodeLog(file: file, error: nil, time: "")
        for line in text.split(separator: "\n") {
            // The first may be cut off, and the last not written yet.
            guard let value = try? JSONReader().read(String(line)) else { continue }
            let time = value["timestamp"]?.string ?? ""
            if let error = value["error"]?.string {
                log.error = String((error.split(whereSeparator: \.isNewline).first ?? "").prefix(300))
                log.time = time
            } else if log.error == nil {
                log.time = time
            }
        }
        return log
    }

    private static func cache(_ home: String, _ environment: [String: String]) -> String {
        #if os(macOS)
            "\(home)/Library/Caches"
        #else
            environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.cache"
        #endif
    }

    private static func names(in folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while names.count < fileLimit, let entry = readdir(handle) {
            names.append(withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names
    }

    private static func end(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: byteLimit)
        let count = pread(descriptor, &bytes, bytes.count, max(0, size - off_t(byteLimit)))
        return count >= 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}
