import Crypto
import JSON
import MemoryModel
package import MemoryStore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes what a store holds, or a selection of it, as an archive.
package struct ArchiveExport: Sendable {
    package enum Destination: Sendable {
        case standardOutput
        /// - Parameter replaces: whether a file that is there is replaced.
        case file(String, replaces: Bool)
    }

    private let store: any ArchiveStore
    private let selection: MessageFilter?

    package init(of store: any ArchiveStore, selection: MessageFilter? = nil) {
        self.store = store
        self.selection = selection
    }

    /// - Returns: how many lines and messages were written.
    package func run(to destination: Destination) async throws -> (lines: Int64, messages: Int64) {
        switch destination {
        case .standardOutput:
            let output = ArchiveOutput { bytes throws(ArchiveError) in
                try Descriptor.write(bytes, to: STDOUT_FILENO, operation: "write the archive to standard output")
            }
            return try await write(to: output)
        case .file(let path, let replaces):
            let file = try DraftFile(for: path, replaces: replaces)
            do {
                let result = try await write(to: ArchiveOutput { bytes throws(ArchiveError) in try file.write(bytes) })
                try file.commit()
                return result
            } catch {
                file.discard()
                throw error
            }
        }
    }

    private func write(to output: ArchiveOutput) async throws -> (lines: Int64, messages: Int64) {
        try output.write(JSONWriter.bytes(of: ArchiveFormat.header(selection: selection)))
        try await store.readArchive(selection) { row throws(StoreError) in
            do throws(ArchiveError) { try output.write(row) } catch { throw StoreError(error) }
        }
        return try output.end()
    }
}

/// The bytes of an archive on their way out, a megabyte at a time, and what its end says of them.
private final class ArchiveOutput: Sendable {
    private struct State {
        var buffer: [UInt8] = []
        var hash = SHA256()
        var lines: Int64 = 0
        var messages: Int64 = 0
    }

    private static let chunk = 1 << 20
    private let state = Mutex(State())
    private let send: @Sendable ([UInt8]) throws(ArchiveError) -> Void

    init(_ send: @escaping @Sendable ([UInt8]) throws(ArchiveError) -> Void) {
        self.send = send
    }

    func write(_ row: ArchiveRow) throws(ArchiveError) {
        if case .message = row { state.withLock { $0.messages += 1 } }
        try write(ArchiveLineWriter.bytes(row))
    }

    func write(_ line: [UInt8]) throws(ArchiveError) {
        let full: [UInt8]? = state.withLock { state in
            state.buffer += line
            state.buffer.append(UInt8(ascii: "\n"))
            state.lines += 1
            return state.buffer.count >= Self.chunk ? Self.take(&state) : nil
        }
        if let full { try send(full) }
    }

    func end() throws(ArchiveError) -> (lines: Int64, messages: Int64) {
        let (rest, end, lines, messages) = state.withLock { state in
            let rest = Self.take(&state)
            return (rest, ArchiveFormat.end(lines: state.lines, digest: state.hash.finalize()), state.lines, state.messages)
        }
        try send(rest)
        try send(JSONWriter.bytes(of: end) + [UInt8(ascii: "\n")])
        return (lines, messages)
    }

    private static func take(_ state: inout State) -> [UInt8] {
        let bytes = state.buffer
        state.hash.update(data: bytes)
        state.buffer = []
        return bytes
    }
}
