import BinaryTesting
import JSON

/// Four secrets for one place, one of each way in which a redactor knows a secret. No two places share one, so a find names its place.
struct PlantedSecret {
    /// In the secrets file.
    let listed: String
    /// In a variable of the environment.
    let inherited: String
    /// Of a pattern of the user's.
    let patterned: String
    /// Of an issuer's shape; in the control of a form that is no issuer's.
    let shaped: String

    static let pattern: JSONValue = ["name": "acme", "pattern": "acme_[0-9a-z]{15}"]

    init(place: Int, isControl: Bool) {
        let digits = place < 10 ? "0\(place)" : "\(place)"
        // The place stands in both halves.
        listed = "zk\(digits)q7xv9t\(digits)w3mh5"
        inherited = "jw\(digits)x8qz4v\(digits)k6tb2p"
        patterned = "acme_\(digits)h7q9zr\(digits)2xk4v"
        shaped = (isControl ? "ghq_" : "ghp_") + digits + "B7kQ2xV9mZ4tW6hR8n" + digits + "L3cJ5pF1sD0gYaUe"
    }

    var all: [String] { [listed, inherited, patterned, shaped] }

    /// All four, with what may stand in the name of a file between them.
    var text: String { all.joined(separator: ".") }

    /// What a file would hold of a text: its bytes, its characters escaped one by one as JSON may have them, UTF-16, and halves of it,
    /// since a secret that was cut in two is in the file as well.
    static func forms(of text: String) -> [(name: String, bytes: [UInt8])] {
        let hex = Array("0123456789abcdef")
        let escaped = text.utf8.map { "\\u00\(hex[Int($0 >> 4)])\(hex[Int($0 & 15)])" }.joined()
        return [
            ("raw", Array(text.utf8)), ("escaped", Array(escaped.utf8)), ("escaped twice", Array(escaped.replacing("\\", with: "\\\\").utf8)),
            ("UTF-16LE", text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }),
            ("UTF-16BE", text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }), ("capitals", Array(text.uppercased().utf8)),
            ("small", Array(text.lowercased().utf8)),
            ("second half", Array(text.utf8.suffix(text.utf8.count / 2))),
        ]
    }

    /// Every character as an escape of JSON.
    static func escaped(_ text: String) -> String { String(decoding: forms(of: text)[1].bytes, as: UTF8.self) }
}

/// Files, searched for many texts in one pass.
struct FileSearch {
    private let files: [(path: String, content: [UInt8])]

    struct Find: Hashable {
        var text: String
        var form: String
        var path: String
    }

    init(_ paths: [String]) {
        // The name stands before the content, since a name can hold a secret too.
        files = paths.map { ($0, Array($0.utf8) + [0x0A] + Scratch.bytes(at: $0)) }
    }

    var count: Int { files.count }
    var bytes: Int { files.reduce(0) { $0 + $1.content.count } }

    /// Where files, or their names, hold any of the texts in any form; each text, form and file once.
    func finds(_ texts: [String]) -> Set<Find> {
        let needles = texts.flatMap { text in PlantedSecret.forms(of: text).map { (text: text, form: $0.name, bytes: $0.bytes) } }
        // By the first four bytes: a bit that is looked at for every byte, and the needles where it is set.
        var heads = [Bool](repeating: false, count: 1 << 16)
        var byHead: [UInt32: [Int]] = [:]
        for (number, needle) in needles.enumerated() {
            let head = needle.bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
            heads[Self.slot(head)] = true
            byHead[head, default: []].append(number)
        }
        var result: Set<Find> = []
        for file in files {
            file.content.withUnsafeBytes { content in
                heads.withUnsafeBufferPointer { heads in
                    var head: UInt32 = 0
                    var end = 0
                    while end < content.count {
                        head = head << 8 | UInt32(content[end])
                        end += 1
                        guard end >= 4, heads[Self.slot(head)], let candidates = byHead[head] else { continue }
                        for number in candidates where content[(end - 4)...].starts(with: needles[number].bytes) {
                            result.insert(Find(text: needles[number].text, form: needles[number].form, path: file.path))
                        }
                    }
                }
            }
        }
        return result
    }

    private static func slot(_ head: UInt32) -> Int { Int((head &* 2_654_435_769) >> 16) }
}
