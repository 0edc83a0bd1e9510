import ArgumentParser
import Authorization
import JSON
import MemoryModel
import MemoryStore
import Redaction
import Redaction

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make, list and revoke the tokens that clients of the server must send.",
        discussion: """
            From a store's first token on its server lets in nobody without one, on loopback too, also when all are revoked or have expired. A \
            server that runs hears of a change within a second. The store keeps a token's hash alone, so a token that is lost cannot be shown \
            again: revoke it and make another. `magenta stdio` asks for none.
            """,
        subcommands: [Create.self, List.self, Revoke.self], defaultSubcommand: List.self)

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token and print it, once.",
            discussion: """
                Scopes: read is looking things up; write is changing something, and read; admin is erasing and administration, and write.
                Claude Code sends a token that stands in its environment as MAGENTA_TOKEN: magenta connect claude-code --token
                """)

        @Argument(help: "A name for it, as logs show it: letters, digits, -, _ and .")
        var name: String
        @Option(
            parsing: .singleValue, help: ArgumentHelp("read, write or admin; repeatable. Default: read", valueName: "scope"),
            completion: .list(TokenScope.allCases.map(\.rawValue)))
        var scope: [String] = []
        @Option(help: ArgumentHelp("When it expires: a number with s, m, h, d or w behind it (90d), or never. Default: never", valueName: "duration"))
        var expires: String?
        @Option(
            help: ArgumentHelp(
                "Whose conversations all are that are sent with it, whatever the sender says. Default: as the sender says", valueName: "name"))
        var user: String?
        @Option(help: ArgumentHelp("Write the token into this new file, readable by you alone, and not to stdout.", valueName: "file"))
        var output: String?
        @Flag(help: "Print one JSON object.")
        var json = false
        @OptionGroup var options: SettingOptions

        func run() async throws {
            let settings = try Settings(options)
            let token = IssuedToken.random()
            let row = try row(token)
            let path = output.map { Settings.absolute($0, home: settings.home) }
            let store = try await OpenStore.forWriting(settings)
            guard try await OpenStore.redactor(settings, for: store).redact(name).value == name else {
                throw UsageError("that name holds a secret, and names of tokens stand in logs; choose another, such as laptop")
            }
            let isFirst = try await store.tokens().isEmpty
            if let path { try await keep(token, as: row, in: path, store) } else { try await store.addToken(row) }
            if json {
                let place: JSONObject.Member =
                    path.map { .init(key: "output", value: .string($0)) } ?? .init(key: "token", value: .string(token.text))
                Terminal.print(TokenCommand.value(row, place))
            } else if path == nil {
                Terminal.print(token.text)
            }
            tell(row, path: path, isFirst: isFirst)
        }

        private func row(_ token: IssuedToken) throws -> TokenRow {
            guard TokenRow.isValid(name: name) else {
                throw UsageError("\"\(name.prefix(80))\" is no name for a token: give 1 to 64 letters, digits, -, _ and ., such as laptop")
            }
            // By that name sessions and logs know whoever sends the token of --token-file.
            guard name.lowercased() != "default" else {
                throw UsageError("\"default\" is the name of the token in --token-file; choose another, such as laptop")
            }
            let scopes: [TokenScope] = try scope.isEmpty ? [.read] : scope.map(TokenScope.parse)
            let now = SystemClock.now
            return TokenRow(
                name: name, hash: token.hash, scopes: TokenScope.allCases.filter(scopes.contains).map(\.rawValue), created: now,
                expires: try expires.map(TokenLifetime.parse)?.end(from: now), user: try user.map { try Settings.name($0, .user) })
        }

        /// The file comes first: a token that is in the store and nowhere else helps nobody.
        private func keep(_ token: IssuedToken, as row: TokenRow, in path: String, _ store: any MemoryStore) async throws {
            let file = try OwnerOnlyFile(making: path)
            do {
                try file.write(token.text + "\n")
                try await store.addToken(row)
            } catch {
                file.remove()
                throw error
            }
        }

        private func tell(_ row: TokenRow, path: String?, isFirst: Bool) {
            let place = path.map { "It is in \($0), readable by you alone." } ?? "It is not shown again."
            Terminal.complain(
                """
                made \(TokenCommand.line(row)). \(place)
                Clients send the header "Authorization: Bearer TOKEN". For Claude Code: put the token into its environment as MAGENTA_TOKEN, then
                  claude mcp add -t http magenta-memory http://localhost:8000/mcp --header 'Authorization: Bearer ${MAGENTA_TOKEN}'
                """)
            guard isFirst else { return }
            Terminal.complain(
                """
                It is the first of this store: within a second its server lets in nobody without a token, on loopback too. (One that runs with \
                --no-auth goes on as it is, and does not start again with it.)
                """)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tokens, oldest first, with those that let nobody in any more.")

        @Flag(help: "Print one JSON object.")
        var json = false
        @OptionGroup var options: SettingOptions

        func run() async throws {
            let tokens = try await OpenStore.forReading(try Settings(options)).tokens()
            if json {
                Terminal.print(["tokens": .array(tokens.map { TokenCommand.value($0) })])
            } else {
                for token in tokens { Terminal.print(TokenCommand.line(token)) }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke a token; its name is free again.",
            discussion: "A server that runs refuses it within a second. A stream that is open then goes on to its end, and answers nothing new.")

        @Argument(help: "Its name.")
        var name: String
        @Flag(help: "Print one JSON object.")
        var json = false
        @OptionGroup var options: SettingOptions

        func run() async throws {
            let token = try await OpenStore.forReading(try Settings(options)).revokeToken(name, at: SystemClock.now)
            Terminal.print(json ? TokenCommand.value(token).description : TokenCommand.line(token))
        }
    }

    static func line(_ token: TokenRow) -> String {
        var parts = ["\(token.name)  \(token.scopes.joined(separator: ","))  made \(token.created)"]
        parts.append(token.expires.map { "\($0 <= SystemClock.now ? "expired" : "expires") \($0)" } ?? "never expires")
        if let user = token.user { parts.append("of \(user)") }
        if let revoked = token.revoked { parts.append("revoked \(revoked)") }
        return parts.joined(separator: "  ")
    }

    static func value(_ token: TokenRow, _ more: JSONObject.Member? = nil) -> JSONValue {
        var object: JSONObject = [
            "name": .string(token.name), "scopes": .array(token.scopes.map(JSONValue.string)), "created": .string(token.created.description),
        ]
        if let expires = token.expires { object["expires"] = .string(expires.description) }
        if let revoked = token.revoked { object["revoked"] = .string(revoked.description) }
        if let user = token.user { object["user"] = .string(user) }
        let isLive = token.revoked == nil && token.expires.map { $0 > SystemClock.now } ?? true
        object["live"] = .bool(isLive)
        if let more { object[more.key] = more.value }
        return .object(object)
    }
}

/// The scopes that a token of magenta can have, narrowest first.
enum TokenScope: String, CaseIterable {
    case read
    case write
    case admin

    static func parse(_ text: String) throws -> TokenScope {
        guard let scope = TokenScope(rawValue: text) else {
            throw UsageError("--scope \"\(text.prefix(40))\": there are read, write (which includes read) and admin (which includes both)")
        }
        return scope
    }
}

/// How long a token is good: `90d`, `12h`, `never`.
struct TokenLifetime {
    /// `nil` for one that never ends.
    private var milliseconds: Int64?

    private static let units: [Character: Int64] = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000]
    /// A hundred years, so that no sum overflows.
    private static let longest: Int64 = 36_525 * 86_400_000

    static func parse(_ text: String) throws -> TokenLifetime {
        if text == "never" { return TokenLifetime(milliseconds: nil) }
        let digits = text.dropLast()
        guard let unit = text.last.flatMap({ units[$0] }), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(digits),
            count > 0, count <= longest / unit
        else {
            throw UsageError(
                "--expires \"\(text.prefix(40))\" is no duration: give a number with s, m, h, d or w behind it, up to a hundred years, such as 90d or "
                    + "12h; or never")
        }
        return TokenLifetime(milliseconds: count * unit)
    }

    func end(from start: Timestamp) -> Timestamp? {
        milliseconds.map { Timestamp(milliseconds: start.milliseconds + $0) }
    }
}
