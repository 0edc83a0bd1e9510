import Crypto
import JSON
package import MemoryStore
package import Redaction

/// Takes an archive into a store: read through once to see that it is whole and sound, and only then stored, part by part.
package struct ArchiveImport {
    package struct Progress: Sendable {
        package var isChecking: Bool
        package var lines: Int64
        /// `nil` until the archive was read through.
        package var totalLines: Int64?
    }

    /// A transaction is large enough that commits cost little, small enough that memory stays bounded.
    private static let batchRows = 2000
    private static let batchBytes = 4 << 20

    private let path: String
    private let store: any ArchiveStore
    private let redactor: Redactor
    private let exclusions: Exclusions

    /// - Parameter exclusions: what is passed over.
    package init(_ path: String, into store: any ArchiveStore, redactor: Redactor, exclusions: Exclusions = Exclusions()) {
        self.exclusions = exclusions
        self.path = path
        self.store = store
        self.redactor = redactor
    }

    /// Stores what the store does not hold yet. Where it is cut short, the same call takes it up again.
    ///
    /// - Throws: `ArchiveError` with the line for an archive that is not as it was written, with nothing stored; `StoreError`.
    package func run(progress: (Progress) -> Void) async throws -> ArchiveCounts {
        var exclusion = ArchiveExclusion(exclusions)
        let checked = try check(progress, &exclusion)
        let writing = try await store.archiveWriting()
        var counts = ArchiveCounts()
        var rows: [ArchiveRow] = []
        var bytes = 0
        var pass = try ArchivePass(path, redactor: redactor)
        while let (row, length) = try pass.next() {
            if let row = exclusion.take(row) { rows.append(row) }
            bytes += length
            guard rows.count >= Self.batchRows || bytes >= Self.batchBytes else { continue }
            counts += try await writing.write(rows)
            rows.removeAll(keepingCapacity: true)
            bytes = 0
            progress(Progress(isChecking: false, lines: pass.lines, totalLines: checked.lines))
            try Task.checkCancellation()
        }
        guard pass.digest == checked.digest else {
            throw ArchiveError(operation: "import the archive \(path)", cause: "it changed while it was read; import it again")
        }
        if !rows.isEmpty { counts += try await writing.write(rows) }
        try await writing.finish()
        return counts
    }

    /// Reads the archive through without storing anything.
    private func check(_ progress: (Progress) -> Void, _ exclusion: inout ArchiveExclusion) throws -> (lines: Int64, digest: [UInt8]?) {
        var pass = try ArchivePass(path, redactor: redactor)
        while let (row, _) = try pass.next() {
            exclusion.note(row)
            guard pass.lines.isMultiple(of: 4096) else { continue }
            progress(Progress(isChecking: true, lines: pass.lines, totalLines: nil))
            try Task.checkCancellation()
        }
        return (pass.lines, pass.digest)
    }
}

/// One pass over an archive, from its header to its end.
private struct ArchivePass {
    private static let endPrefix = Array(#"{"end":"#.utf8)

    private let path: String
    private let file: ArchiveLines
    private var rows: ArchiveLineReader
    private var hash = SHA256()
    /// What the end says, once it was read.
    private(set) var digest: [UInt8]?

    var lines: Int64 { file.number }

    init(_ path: String, redactor: Redactor) throws {
        self.path = path
        file = try ArchiveLines(path: path)
        rows = ArchiveLineReader(redactor: redactor)
        guard let header = try line() else { throw refusal("it is empty") }
        guard ArchiveFormat.isHeader(header), let value = try? JSONReader().read(header) else {
            throw refusal("its first line is no header of a \(ArchiveFormat.name)")
        }
        guard let version = value["version"]?.integer, version == ArchiveFormat.version else {
            throw refusal(
                "its version is not \(ArchiveFormat.version), the one that this magenta reads; use the magenta that wrote it or a newer one")
        }
        take(header)
    }

    /// The next row and the length of its line; `nil` behind the end.
    mutating func next() throws -> (ArchiveRow, Int)? {
        guard let line = try line() else {
            throw refusal("its end is missing behind line \(file.number): it was cut; export it again, or copy it again from where it came")
        }
        if line.starts(with: Self.endPrefix) {
            try end(line)
            return nil
        }
        take(line)
        do throws(ArchiveFlaw) { return (try rows.row(line), line.count) } catch { throw flaw(error) }
    }

    private func line() throws -> [UInt8]? {
        do { return try file.next() } catch let flaw as ArchiveFlaw { throw self.flaw(flaw, line: file.number + 1) }
    }

    private mutating func take(_ line: [UInt8]) {
        hash.update(data: line)
        hash.update(data: [UInt8(ascii: "\n")])
    }

    private mutating func end(_ line: [UInt8]) throws {
        let value = (try? JSONReader().read(line))?["end"]
        let found = Array(hash.finalize())
        guard value?["lines"]?.integer == file.number - 1, value?["sha256"]?.string == Hexadecimal.text(found) else {
            throw refusal(
                "its end (line \(file.number)) does not agree with what stands before it: it was changed or damaged; copy it again from where it came, "
                    + "or export it again")
        }
        digest = found
        guard try self.line() == nil else { throw flaw(.afterEnd) }
    }

    private func flaw(_ flaw: ArchiveFlaw, line: Int64? = nil) -> ArchiveError {
        refusal("line \(line ?? file.number): \(flaw); nothing of the archive was stored. Copy it again from where it came, or export it again")
    }

    private func refusal(_ cause: String) -> ArchiveError {
        ArchiveError(operation: "import the archive \(path)", cause: cause)
    }
}
