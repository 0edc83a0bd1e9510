import JSON

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What is wrong with a configuration file: which, what and where. It quotes nothing of the file, which may hold secrets.
package struct ConfigurationFlaw: Sendable, Hashable, CustomStringConvertible {
    package var file: String
    package var reason: String
    /// The byte at which the text stops being JSON.
    package var offset: Int?

    package init(file: String, reason: String, offset: Int? = nil) {
        self.file = file
        self.reason = reason
        self.offset = offset
    }

    package var description: String { "\(file): \(reason)" }
}

/// One JSON file of a client's configuration.
enum ConfigurationFile {
    /// ~/.claude.json grows with its history; the largest seen were some ten megabytes.
    static let limit = 64 << 20

    /// The object in the file; `nil` where there is no file, or where a flaw was added.
    static func object(at path: String, _ flaws: inout [ConfigurationFlaw]) -> JSONObject? {
        // O_NONBLOCK: a FIFO must not hold the doctor up.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let code = errno
            if code != ENOENT, code != ENOTDIR {
                flaws.append(ConfigurationFlaw(file: path, reason: "it cannot be opened: \(String(cString: strerror(code)))"))
            }
            return nil
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            flaws.append(ConfigurationFlaw(file: path, reason: "it is no regular file"))
            return nil
        }
        guard Int(status.st_size) <= limit else {
            flaws.append(ConfigurationFlaw(file: path, reason: "it is larger than \(limit >> 20) MiB and was not read"))
            return nil
        }
        let bytes = contents(descriptor)
        do throws(JSONError) {
            // As JSON.parse: the last of two equal keys counts. A byte order mark is passed over.
            let reader = JSONReader(maximumDepth: 128, loneSurrogates: .replace, refusesDuplicateKeys: false)
            let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            guard case .object(let object) = try reader.read(Array(bytes[start...])) else {
                flaws.append(ConfigurationFlaw(file: path, reason: "it holds no JSON object"))
                return nil
            }
            return object
        } catch {
            flaws.append(ConfigurationFlaw(file: path, reason: "\(error)", offset: error.offset))
            return nil
        }
    }

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    private static func contents(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < limit {
            let count = read(descriptor, &chunk, min(chunk.count, limit - bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return bytes
    }
}
