import JSON

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A JSON list of strings, each a secret. No error shows any of its content.
package struct SecretsFile: Sendable {
    package static let maximumLength = 16 << 20

    package var values: [String]

    package init(path: String) throws(RedactionError) {
        let value: JSONValue
        let bytes = try Self.bytes(path, maximumLength: Self.maximumLength) { .file(path: path, cause: $0) }
        do throws(JSONError) {
            value = try JSONReader(maximumDepth: 8, refusesDuplicateKeys: false).read(bytes)
        } catch {
            throw .file(path: path, cause: "it is not valid JSON (byte \(error.offset)); write a JSON list of strings")
        }
        guard let elements = value.array else {
            throw .file(path: path, cause: "it holds \(value.kindName); write a JSON list of strings")
        }
        values = []
        for (index, element) in elements.enumerated() {
            guard let text = element.string else {
                throw .file(path: path, cause: "entry number \(index + 1) is \(element.kindName); write a string")
            }
            values.append(text)
        }
    }

    static func bytes(
        _ path: String, maximumLength: Int, error: (_ cause: String) -> RedactionError
    ) throws(RedactionError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw error(String(cString: strerror(errno))) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= maximumLength else { throw error("it is longer than \(maximumLength) bytes") }
        }
    }
}
