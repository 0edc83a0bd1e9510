import FoundationEssentials
import JSON
import Testing

/// The published corpus: how tokens look, where they stand, and what only looks like one. Tokens are drawn when the tests run, so that
/// no scanner of repositories takes these files for a leak.
enum CorpusFile {
    struct Failure: Error {
        var what: String
    }

    static func rows(_ name: String) throws -> [JSONValue] {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        guard let data = FileManager.default.contents(atPath: "/\(folder)/Corpus/\(name).jsonl") else { throw Failure(what: "no \(name).jsonl") }
        return try [UInt8](data).split(separator: UInt8(ascii: "\n")).map { try JSONReader().read(Array($0)) }
    }

    static func text(_ row: JSONValue, _ key: String) throws -> String {
        guard let text = row[key]?.string else { throw Failure(what: "a row without \(key): \(row)") }
        return text
    }
}

/// One text with one secret in it.
struct Positive {
    var shape: String
    var surrounding: String
    var before: String
    var secret: String
    var after: String

    var text: String { before + secret + after }

    /// - Parameter text: has the secret between « and », or is the secret.
    init(shape: String, text: String, surrounding: String, in template: String = "{}") throws {
        var parts = [text[...]]
        if let open = text.firstIndex(of: "«"), let close = text.firstIndex(of: "»") {
            parts = [text[..<open], text[text.index(after: open)..<close], text[text.index(after: close)...]]
        }
        guard let hole = template.firstRange(of: "{}") else { throw CorpusFile.Failure(what: "no {} in \(template)") }
        self.shape = shape
        self.surrounding = surrounding
        before = String(template[..<hole.lowerBound]) + (parts.count == 3 ? String(parts[0]) : "")
        secret = String(parts.count == 3 ? parts[1] : parts[0])
        after = (parts.count == 3 ? String(parts[2]) : "") + template[hole.upperBound...]
    }

    /// Every token in every surrounding, every named value in every form of a pair, and the rest as it stands.
    static func all(seed: UInt64) throws -> [Positive] {
        var draw = TokenDraw(seed: seed)
        var result: [Positive] = []
        let surroundings = try CorpusFile.rows("surroundings")
        for row in try CorpusFile.rows("tokens") {
            for surrounding in surroundings {
                // A token of several lines cannot stand in one line of JSON.
                let token = draw.expand(try CorpusFile.text(row, "token"))
                let template = try CorpusFile.text(surrounding, "text")
                result.append(
                    try Positive(
                        shape: CorpusFile.text(row, "shape"), text: token, surrounding: CorpusFile.text(surrounding, "name"), in: template))
            }
        }
        let pairs = try CorpusFile.rows("pairs")
        for row in try CorpusFile.rows("names") {
            for pair in pairs {
                let template = try CorpusFile.text(pair, "text").replacing("{name}", with: CorpusFile.text(row, "name"))
                let value = draw.expand(try CorpusFile.text(row, "value"))
                result.append(
                    try Positive(shape: CorpusFile.text(row, "shape"), text: value, surrounding: CorpusFile.text(pair, "name"), in: template))
            }
        }
        for row in try CorpusFile.rows("texts") {
            for _ in 0..<4 {
                result.append(
                    try Positive(shape: CorpusFile.text(row, "shape"), text: draw.expand(CorpusFile.text(row, "text")), surrounding: "its own"))
            }
        }
        return result
    }
}

/// Fills `<20:alnum>` with 20 random characters, the same ones for the same seed.
struct TokenDraw {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    private static let letters = "abcdefghijklmnopqrstuvwxyz"
    private static let digits = "0123456789"
    private static let classes: [String: [Character]] = [
        "alnum": Array(letters + letters.uppercased() + digits), "lower": Array(letters + digits), "upper": Array(letters.uppercased() + digits),
        "hex": Array(digits + "abcdef"), "hexu": Array(digits + "ABCDEF"), "digit": Array(digits),
        "url": Array(letters + letters.uppercased() + digits + "-_"), "b64": Array(letters + letters.uppercased() + digits + "+/"),
        "pw": Array(letters + letters.uppercased() + digits + digits + "!^*_-~"),
    ]

    mutating func expand(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "<") {
            result += rest[..<open]
            let tail = rest[rest.index(after: open)...]
            if let close = tail.firstIndex(of: ">") {
                let parts = tail[..<close].split(separator: ":")
                if parts.count == 2, let count = Int(parts[0]), let members = Self.classes[String(parts[1])] {
                    result += word(count, members, isPassword: parts[1] == "pw")
                    rest = tail[tail.index(after: close)...]
                    continue
                }
            }
            result += "<"
            rest = tail
        }
        return result + rest
    }

    /// Tokens end in a letter or digit, as those of issuers do more often than not, so that their end is where the corpus says; a
    /// password has a digit and a letter, as every rule for passwords asks.
    private mutating func word(_ count: Int, _ members: [Character], isPassword: Bool) -> String {
        while true {
            let text = String((0..<count).map { _ in members[Int(next() % UInt64(members.count))] })
            guard let first = text.first, let last = text.last, first.isLetter || first.isNumber, last.isLetter || last.isNumber else { continue }
            if !isPassword || text.contains(where: \.isNumber) && text.contains(where: \.isLetter) { return text }
        }
    }

    /// Sebastiano Vigna's SplitMix64.
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
