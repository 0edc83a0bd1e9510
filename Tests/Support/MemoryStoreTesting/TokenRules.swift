import MemoryModel
import MemoryStore

extension StoreRule {
    static let tokens = [
        StoreRule("a token is kept with all that is said of it, and another process sees it") { open in
            let store = try await open()
            try expect(try await store.tokens(), [], "the tokens of a new store")
            var laptop = token("laptop", 1, scopes: ["read", "write"], expires: minuteOfDay(90))
            laptop.user = "ana"
            try await store.addToken(laptop)
            try await store.addToken(token("ci.bot_2", 2))
            try expect(try await open().tokens(), [laptop, token("ci.bot_2", 2)], "the tokens, opened again")
        },
        StoreRule("a token's name is taken until the token is revoked, whatever its case, and its row stays") { open in
            let store = try await open()
            try await store.addToken(token("Laptop", 1))
            try await expectFailure(.invalid, "a taken name") { try await store.addToken(token("laptop", 2)) }
            let revoked = try await store.revokeToken("laptop", at: minuteOfDay(7))
            var expected = token("Laptop", 1)
            expected.revoked = minuteOfDay(7)
            try expect(revoked, expected, "the revoked token")
            try await expectFailure(.invalid, "revoking it again") { try await store.revokeToken("laptop", at: minuteOfDay(8)) }
            try await store.addToken(token("laptop", 2))
            try expect(try await open().tokens(), [expected, token("laptop", 2)], "both tokens")
            try await expectFailure(.invalid, "an unknown name") { try await store.revokeToken("desktop", at: minuteOfDay(8)) }
        },
        StoreRule("a token that has expired is there until it is revoked") { open in
            let store = try await open()
            try await store.addToken(token("a", 1, expires: minuteOfDay(2)))
            try await expectFailure(.invalid, "a taken name") { try await store.addToken(token("A", 2)) }
            try expect(try await store.revokeToken("A", at: minuteOfDay(7)).revoked, minuteOfDay(7), "the revoked token")
        },
        StoreRule("a token's name is 1 to 64 plain characters, its hash 32 bytes, and it has a scope") { open in
            let store = try await open()
            for name in ["-x", "", "two words", "line\nbreak", "é", "a/b", String(repeating: "x", count: 65)] {
                try await expectFailure(.invalid, "the name \(name)") { try await store.addToken(token(name, 1)) }
            }
            try await expectFailure(.invalid, "no scope") { try await store.addToken(token("a", 1, scopes: [])) }
            var short = token("a", 1)
            short.hash.removeLast()
            try await expectFailure(.invalid, "a short hash") { try await store.addToken(short) }
            try await store.addToken(token(String(repeating: "x", count: 64), 1))
        },
    ]

    private static func token(_ name: String, _ byte: UInt8, scopes: [String] = ["read"], expires: Timestamp? = nil) -> TokenRow {
        TokenRow(name: name, hash: [UInt8](repeating: byte, count: 32), scopes: scopes, created: minuteOfDay(1), expires: expires)
    }
}
