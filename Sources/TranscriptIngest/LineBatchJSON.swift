package import JSON
import MemoryModel
package import MemoryStore
package import Redaction

/// Line batches as the JSON that `magenta watch --to` sends and a server takes (docs/watch.md). A request is
/// `{"format": 1, "spool": ID, "proof": DIGEST, "batches": [...]}`.
///
/// Reading is of somebody else's bytes: everything is bounded, members that are not known are refused, and every text and key passes the
/// redactor before there is a ``LineBatch``.
package enum LineBatchJSON {
    package static let format: Int64 = 1
    /// Bytes of a request's body, at most.
    package static let maximumBody = 64 << 20
    package static let maximumBatches = 256
    package static let maximumPath = 4096
    package static let maximumGeneration: Int64 = 1 << 31

    /// Lines and bytes of JSON behind which a batch is cut in two for the way.
    static let partLines = 2000
    static let partBytes = 4 << 20
    /// A line whose JSON is longer cannot travel: its place is kept, and its hash.
    static let maximumLine = 48 << 20

    private static let maximumDirectories = 64
    private static let maximumOutputs = 64
    private static let maximumName = 256
    private static let maximumNumber: Int64 = 1 << 53
    private static let maximumMark = 1024
}

// Writing.
extension LineBatchJSON {
    /// The batch as JSON objects without their last brace's fellows `generation` and `fresh`, which ``body(spool:_:)`` adds: one for each part
    /// that travels by itself. The parts follow on each other and end where the batch ends.
    package static func parts(_ batch: LineBatch) -> [[UInt8]] {
        let lines = batch.lines.map { line -> (line: SourceLine, bytes: [UInt8]) in (line, bytes(line)) }
        var parts: [[UInt8]] = []
        var first = 0
        var start = (batch.start.offset, batch.start.line)
        while true {
            var last = first
            var size = 0
            while last < lines.count, last - first < partLines, last == first || size + lines[last].bytes.count <= partBytes {
                size += lines[last].bytes.count
                last += 1
            }
            let isLast = last == lines.count
            // What lies between two lines belongs to the one before.
            let end = isLast ? (batch.end.offset, batch.end.line) : (lines[last].line.offset, lines[last].line.number - 1)
            var head = header(batch, from: start, to: end, isFirst: parts.isEmpty)
            head.removeLast()
            head += Array(",\"lines\":[".utf8)
            for (number, line) in lines[first..<last].enumerated() {
                if number > 0 { head.append(UInt8(ascii: ",")) }
                head += line.bytes
            }
            head += Array("]}".utf8)
            parts.append(head)
            if isLast { return parts }
            first = last
            start = end
        }
    }

    /// The body of one request.
    ///
    /// - Parameter key: the spool's. A digest of it goes with each request, so that nobody sends in the name of a spool by knowing its id alone.
    package static func body(spool: RedactedText, key: [UInt8], _ batches: [SpooledBatch]) -> [UInt8] {
        let proof = SourceFile.hash(Array("magenta ingest ".utf8) + key)
        var body = Array(
            "{\"format\":\(format),\"spool\":\(JSONValue.string(spool.value)),\"proof\":\"\(proof)\",\"batches\":[".utf8)
        for (number, batch) in batches.enumerated() {
            if number > 0 { body.append(UInt8(ascii: ",")) }
            body += Array("{\"generation\":\(batch.generation),\"fresh\":\(batch.isFresh),".utf8)
            body += batch.content.dropFirst()
        }
        return body + Array("]}".utf8)
    }

    private static func header(_ batch: LineBatch, from start: (Int64, Int64), to end: (Int64, Int64), isFirst: Bool) -> [UInt8] {
        var object: JSONObject = [
            "path": .string(batch.key.path.value), "root": .string(batch.root.value), "user": .string(batch.origin.user.value),
            "machine": .string(batch.origin.machine.value), "agent": .string(batch.origin.agent.value), "identity": .string(batch.end.identity),
            "mark": [.integer(Int64(batch.end.headLength)), .string(batch.end.headHash)], "start": [.integer(start.0), .integer(start.1)],
            "end": [.integer(end.0), .integer(end.1)], "size": .integer(batch.size), "read": .integer(batch.readTime.milliseconds),
        ]
        if isFirst, let sideFile = batch.sideFile { object["side"] = sideFile.value }
        if !batch.repositories.isEmpty { object["repositories"] = texts(batch.repositories) }
        return JSONWriter.bytes(of: .object(object))
    }

    private static func bytes(_ line: SourceLine) -> [UInt8] {
        let whole = JSONWriter.bytes(of: value(line))
        guard whole.count > maximumLine else { return whole }
        var line = line
        // The text that the line only points to goes first.
        line.outputs = [:]
        let bare = JSONWriter.bytes(of: value(line))
        guard bare.count > maximumLine else { return bare }
        line.content = .refused(reason: "too-long-to-send", hash: SourceFile.hash(bare))
        return JSONWriter.bytes(of: value(line))
    }

    private static func value(_ line: SourceLine) -> JSONValue {
        var object: JSONObject = ["at": .integer(line.offset), "length": .integer(Int64(line.length)), "number": .integer(line.number)]
        switch line.content {
        case .blank: break
        case .record(let record): object["record"] = record.value
        case .refused(let reason, let hash):
            object["refused"] = .string(reason)
            object["hash"] = .string(hash)
        }
        if !line.outputs.isEmpty { object["outputs"] = texts(line.outputs) }
        return .object(object)
    }

    private static func texts(_ texts: [RedactedText: RedactedText]) -> JSONValue {
        .object(JSONObject(texts.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0.key.value, value: .string($0.value.value)) }))
    }
}

/// Why bytes are no line batches; for whoever sent them. Holds nothing of what they said.
package struct LineBatchError: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String
    init(_ description: String) { self.description = description }
}

// Reading.
extension LineBatchJSON {
    /// What a request holds, each batch not looked at yet.
    package struct Envelope: Sendable {
        package var spool: RedactedText
        /// 64 hexadecimal digits that the spool alone knows.
        package var proof: String
        package var batches: [JSONValue]
    }

    package static func envelope(_ bytes: [UInt8], redactor: Redactor) throws(LineBatchError) -> Envelope {
        guard bytes.count <= maximumBody else { throw LineBatchError("the body is longer than \(maximumBody) bytes") }
        let value: JSONValue
        do { value = try JSONReader(maximumDepth: Redactor.maximumDepth, refusesDuplicateKeys: false).read(bytes) } catch {
            throw LineBatchError("the body is no valid JSON: \(error)")
        }
        let reader = try MemberReader(value, "the body", known: ["format", "spool", "proof", "batches"])
        guard reader.object["format"]?.integer == format else { throw LineBatchError("this server takes format \(format) alone") }
        let id = try reader.text("spool", maximum: 36)
        guard isSpool(id) else { throw LineBatchError("\"spool\" is no UUID in lower case") }
        let proof = try reader.text("proof", maximum: 64)
        guard proof.utf8.count == 64, proof.utf8.allSatisfy(isHexadecimal) else { throw LineBatchError("\"proof\" is no SHA-256 in lower case") }
        guard let batches = reader.object["batches"]?.array, (1...maximumBatches).contains(batches.count) else {
            throw LineBatchError("\"batches\" is no list of 1 to \(maximumBatches)")
        }
        let spool = redactor.redact(id)
        guard spool.value == id else { throw LineBatchError("\"spool\" looks like a secret of this server") }
        return Envelope(spool: spool, proof: proof, batches: batches)
    }

    /// An empty one would name the server's own sources.
    static func isSpool(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { $0.utf8.allSatisfy(isHexadecimal) }
    }

    /// - Parameter redactor: the server's, by which its store's placeholders are made.
    package static func batch(_ value: JSONValue, spool: RedactedText, redactor: Redactor) throws(LineBatchError) -> LineBatch {
        let reader = try MemberReader(
            value, "the batch",
            known: [
                "generation", "fresh", "path", "root", "user", "machine", "agent", "identity", "mark", "start", "end", "size", "read", "side",
                "repositories", "lines",
            ])
        let start = try reader.pair("start")
        let end = try reader.pair("end")
        guard end.0 >= start.0, end.1 >= start.1 else { throw LineBatchError("the batch ends before it starts") }
        let generation = Int(try reader.number("generation", 1...maximumGeneration))
        let identity = try mark(try reader.text("identity", maximum: maximumName), redactor, "identity")
        guard let marks = reader.object["mark"]?.array, marks.count == 2, let headLength = marks[0].integer, let headHash = marks[1].string,
            (0...maximumNumber).contains(headLength), headHash.utf8.count <= maximumMark
        else { throw LineBatchError("\"mark\" of the batch is no pair of a number and a text") }
        let position = SourcePosition(
            generation: generation, identity: identity, headHash: try mark(headHash, redactor, "mark"), headLength: Int(headLength), offset: end.0,
            line: end.1)
        var startPosition = SourcePosition(generation: generation, identity: identity, offset: start.0, line: start.1)
        if start == end { startPosition = position }
        var batch = LineBatch(
            key: SourceKey(spool: spool, path: redactor.redact(try reader.path("path"))),
            origin: CaptureOrigin(
                user: redactor.redact(try reader.name("user")), machine: redactor.redact(try reader.name("machine")),
                agent: redactor.redact(try reader.name("agent"))),
            root: redactor.redact(try reader.path("root")), start: startPosition, end: position, size: try reader.number("size", 0...maximumNumber),
            readTime: Timestamp(milliseconds: try reader.number("read", 0...maximumNumber)), lines: [])
        batch.isFresh = reader.object["fresh"]?.bool ?? false
        if let side = reader.object["side"] { batch.sideFile = try redacted(side, redactor) }
        if let texts = reader.object["repositories"] {
            batch.repositories = try self.texts(texts, "repositories", maximum: maximumDirectories, length: maximumPath, redactor)
        }
        guard let lines = reader.object["lines"]?.array, lines.count <= partLines else {
            throw LineBatchError("\"lines\" of the batch is no list of at most \(partLines)")
        }
        batch.lines.reserveCapacity(lines.count)
        for value in lines {
            let line = try line(value, redactor)
            let before = batch.lines.last
            guard line.offset >= start.0, line.offset < end.0, line.number > start.1, line.number <= end.1,
                before.map({ $0.offset < line.offset && $0.number < line.number }) ?? true
            else { throw LineBatchError("line \(line.number) lies outside of its batch, or not behind the line before") }
            batch.lines.append(line)
        }
        return batch
    }

    private static func line(_ value: JSONValue, _ redactor: Redactor) throws(LineBatchError) -> SourceLine {
        let reader = try MemberReader(value, "a line", known: ["at", "length", "number", "record", "refused", "hash", "outputs"])
        var line = SourceLine(
            offset: try reader.number("at", 0...maximumNumber), length: Int(try reader.number("length", 0...maximumNumber)),
            number: try reader.number("number", 1...maximumNumber), content: .blank)
        switch (reader.object["record"], reader.object["refused"]) {
        case (nil, nil): break
        case (let record?, nil): line.content = .record(try redacted(record, redactor))
        case (nil, .string(let reason)?):
            let hash = try reader.text("hash", maximum: 64)
            let isPlain = reason.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
            guard reason.utf8.count <= 64, isPlain, hash.utf8.allSatisfy(isHexadecimal) else {
                throw LineBatchError("a refused line has no plain reason, or no hash")
            }
            line.content = .refused(reason: reason, hash: hash)
        default: throw LineBatchError("a line is a record, or refused, or neither")
        }
        if let outputs = reader.object["outputs"] {
            line.outputs = try texts(outputs, "outputs", maximum: maximumOutputs, length: maximumBody, redactor)
        }
        return line
    }

    private static func redacted(_ value: JSONValue, _ redactor: Redactor) throws(LineBatchError) -> RedactedJSON {
        do throws(RedactionError) { return try redactor.redact(value) } catch { throw LineBatchError("a record cannot be redacted: \(error)") }
    }

    private static func texts(
        _ value: JSONValue, _ name: String, maximum: Int, length: Int, _ redactor: Redactor
    ) throws(LineBatchError) -> [RedactedText: RedactedText] {
        guard let members = value.object?.members, members.count <= maximum else {
            throw LineBatchError("\"\(name)\" is no object of at most \(maximum) members")
        }
        var result: [RedactedText: RedactedText] = [:]
        for member in members {
            guard let text = member.value.string, member.key.utf8.count <= maximumPath, text.utf8.count <= length else {
                throw LineBatchError("\"\(name)\" holds what is no text, or too long a one")
            }
            result[redactor.redact(member.key)] = redactor.redact(text)
        }
        return result
    }

    /// What tells files apart: it is stored as it is, so it may be nothing that a redactor would change.
    private static func mark(_ text: String, _ redactor: Redactor, _ name: String) throws(LineBatchError) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            isHexadecimal(byte) || (0x67...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || [0x20, 0x2D, 0x2E, 0x3A, 0x5F].contains(byte)
        }
        guard isPlain, redactor.redact(text).value == text else { throw LineBatchError("\"\(name)\" of the batch is none that magenta writes") }
        return text
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }

    /// The members of an object from outside.
    private struct MemberReader {
        let object: JSONObject
        let what: String

        init(_ value: JSONValue, _ what: String, known: Set<String>) throws(LineBatchError) {
            guard let object = value.object else { throw LineBatchError("\(what) is no object") }
            guard object.count <= known.count, object.keys.allSatisfy(known.contains), Set(object.keys).count == object.count else {
                throw LineBatchError("\(what) has a member that is not known, or one twice; the sender may be newer than this server")
            }
            self.object = object
            self.what = what
        }

        func text(_ name: String, maximum: Int) throws(LineBatchError) -> String {
            guard let text = object[name]?.string, text.utf8.count <= maximum else {
                throw LineBatchError("\"\(name)\" of \(what) is no text of at most \(maximum) bytes")
            }
            return text
        }

        func name(_ name: String) throws(LineBatchError) -> String {
            let text = try text(name, maximum: maximumName)
            guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
                throw LineBatchError("\"\(name)\" of \(what) is empty, or more than one line")
            }
            return text
        }

        func path(_ name: String) throws(LineBatchError) -> String {
            let text = try text(name, maximum: maximumPath)
            guard text.hasPrefix("/"), !text.utf8.contains(0) else { throw LineBatchError("\"\(name)\" of \(what) is no absolute path") }
            return text
        }

        func number(_ name: String, _ range: ClosedRange<Int64>) throws(LineBatchError) -> Int64 {
            guard let number = object[name]?.integer, range.contains(number) else {
                throw LineBatchError("\"\(name)\" of \(what) is no whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }

        func pair(_ name: String) throws(LineBatchError) -> (Int64, Int64) {
            guard let numbers = object[name]?.array?.map(\.integer), numbers.count == 2, let offset = numbers[0], let line = numbers[1],
                (0...maximumNumber).contains(offset), (0...maximumNumber).contains(line)
            else { throw LineBatchError("\"\(name)\" of \(what) is no pair of an offset and a line") }
            return (offset, line)
        }
    }
}
