import Crypto
import GRDB
import MemoryStore

/// What was erased, as keyed hashes: enough to know it again, nothing to read.
struct ForgottenRows {
    enum Kind: String {
        /// The id of a message or another record.
        case id
        /// A record's bytes as a raw chunk holds them.
        case raw
        case title
        case conversation
    }

    /// The reason at a line that was erased, or that was passed over since its record was.
    static let reason = "forgotten"

    private let connection: Database
    private let key: SymmetricKey

    /// - Parameter serverKey: the store's; the hashes have one that is derived from it.
    init(_ connection: Database, serverKey: [UInt8]) {
        self.connection = connection
        key = SymmetricKey(
            data: Array(HMAC<SHA256>.authenticationCode(for: Array("magenta forgotten 1".utf8), using: SymmetricKey(data: serverKey))))
    }

    /// `nil` where nothing was ever erased, so that nobody reads the key for it.
    init?(ofNonEmpty connection: Database, files: StoreFiles) throws {
        let isUsed = try SQLStatement(connection, "SELECT 1 FROM forgotten LIMIT 1").first { _ in true } ?? false
        guard isUsed else { return nil }
        self.init(connection, serverKey: try ServerKeyFile(path: files.key).readOrMake())
    }

    func contains(_ kind: Kind, _ bytes: [UInt8]) throws -> Bool {
        try SQLStatement(connection, "SELECT 1 FROM forgotten WHERE hash = ?").first(.bytes(hash(kind, bytes))) { _ in true } ?? false
    }

    func contains(id: String) throws -> Bool { try contains(.id, Array(id.utf8)) }

    func containsTitle(_ text: String, owner: String) throws -> Bool { try contains(.title, Self.title(text, owner: owner)) }

    func add(_ kind: Kind, _ bytes: [UInt8]) throws {
        try SQLStatement(connection, "INSERT OR IGNORE INTO forgotten(hash) VALUES (?)").run(.bytes(hash(kind, bytes)))
    }

    /// - Parameter owner: the conversation or, where the title names one, the leaf.
    func addTitle(_ text: String, owner: String) throws { try add(.title, Self.title(text, owner: owner)) }

    private static func title(_ text: String, owner: String) -> [UInt8] { Array(owner.utf8) + [0] + Array(text.utf8) }

    private func hash(_ kind: Kind, _ bytes: [UInt8]) -> [UInt8] {
        var code = HMAC<SHA256>(key: key)
        code.update(data: Array(kind.rawValue.utf8) + [0])
        code.update(data: bytes)
        return Array(code.finalize())
    }
}
