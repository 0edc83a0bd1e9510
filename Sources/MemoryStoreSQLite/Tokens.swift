import GRDB
package import MemoryModel
package import MemoryStore
package import Redaction

extension SQLiteStore {
    package func tokens() async throws(StoreError) -> [TokenRow] {
        try await read("read the tokens") { connection in
            try SQLStatement(connection, "SELECT \(Self.tokenColumns) FROM tokens ORDER BY id").all(read: Self.token)
        }
    }

    package func addToken(_ token: TokenRow) async throws(StoreError) {
        let operation = "make a token"
        guard TokenRow.isValid(name: token.name) else {
            throw StoreError(.invalid, operation: operation, cause: "a name is 1 to 64 letters, digits, \"-\", \"_\" and \".\"")
        }
        guard token.hash.count == 32, !token.scopes.isEmpty else {
            throw StoreError(.invalid, operation: operation, cause: "a token has a hash of 32 bytes and at least one scope")
        }
        try await write(operation) { connection in
            if let taken = try Self.token(named: token.name, connection) {
                throw StoreError(
                    .invalid, operation: operation,
                    cause: "there is one named \(taken.name); choose another name, or revoke that one first: magenta token revoke \(taken.name)")
            }
            try SQLStatement(connection, "INSERT INTO tokens(name, hash, scopes, created, expires, user) VALUES (?, ?, ?, ?, ?, ?)").run(
                .text(token.name), .bytes(token.hash), .text(token.scopes.joined(separator: " ")), .integer(token.created.milliseconds),
                .integer(token.expires?.milliseconds), .text(token.user))
        }
    }

    package func revokeToken(_ name: String, at instant: Timestamp) async throws(StoreError) -> TokenRow {
        let operation = "revoke a token"
        return try await write(operation) { connection in
            guard var token = try Self.token(named: name, connection) else {
                throw StoreError(.invalid, operation: operation, cause: "none that is not revoked has that name; `magenta token list` shows them all")
            }
            token.revoked = instant
            try SQLStatement(connection, "UPDATE tokens SET revoked = ? WHERE hash = ?").run(.integer(instant.milliseconds), .bytes(token.hash))
            return token
        }
    }

    package func admitSpool(_ id: RedactedText, proof: String) async throws(StoreError) -> Bool {
        try await write("look whose spool sends") { connection in
            let known = try SQLStatement(connection, "SELECT proof FROM spools WHERE id = ?").first(.text(id.value)) { $0.text(0) }
            // Every byte is looked at, whichever differ.
            if let known { return known.utf8.count == proof.utf8.count && zip(known.utf8, proof.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0 }
            try SQLStatement(connection, "INSERT INTO spools(id, proof) VALUES (?, ?)").run(.text(id.value), .text(proof))
            return true
        }
    }

    private static let tokenColumns = "name, hash, scopes, created, expires, revoked, user"

    private static func token(_ row: SQLRow) -> TokenRow {
        TokenRow(
            name: row.text(0), hash: row.bytes(1), scopes: row.text(2).split(separator: " ").map(String.init),
            created: Timestamp(milliseconds: row.integer(3)), expires: row.optionalInteger(4).map(Timestamp.init(milliseconds:)),
            revoked: row.optionalInteger(5).map(Timestamp.init(milliseconds:)), user: row.optionalText(6))
    }

    private static func token(named name: String, _ connection: Database) throws -> TokenRow? {
        try SQLStatement(connection, "SELECT \(tokenColumns) FROM tokens WHERE lower(name) = lower(?) AND revoked IS NULL")
            .first(.text(name), read: token)
    }
}
