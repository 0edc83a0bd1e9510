import FoundationEssentials
import Synchronization

/// A folder of a test's own, removed when the test is through with it.
package final class Scratch: Sendable {
    package let root: String
    private let names = Mutex(0)

    private init(root: String) {
        self.root = root
    }

    package static func with<Value>(_ body: (Scratch) async throws -> Value) async throws -> Value {
        let scratch = try lasting()
        // A leftover folder is no reason to fail a test that passed.
        defer { try? FileManager.default.removeItem(atPath: scratch.root) }
        return try await body(scratch)
    }

    /// A folder that somebody else removes.
    package static func lasting(named name: String = "magenta-test-\(UUID().uuidString)") throws -> Scratch {
        let root = FileManager.default.temporaryDirectory.path + "/\(name)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        return Scratch(root: root)
    }

    package func path(_ name: String) -> String { "\(root)/\(name)" }

    /// Makes the folder and those above it.
    @discardableResult
    package func folder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
        return path(name)
    }

    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        let place = path(name)
        if let slash = name.lastIndex(of: "/") { try folder(String(name[..<slash])) }
        guard FileManager.default.createFile(atPath: place, contents: Data(text.utf8)) else { throw TestFailure("writing \(place)") }
        return place
    }

    /// Every file below `folder`, by path.
    package static func files(in folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).map { "\(folder)/\($0)" }.filter(isFile).sorted()
    }

    package static func isFile(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder
    }

    /// What the file holds; nothing where there is none.
    package static func bytes(at path: String) -> [UInt8] {
        FileManager.default.contents(atPath: path).map(Array.init) ?? []
    }

    func nextName() -> String {
        names.withLock { names in
            names += 1
            return "process-\(names)"
        }
    }
}
