import FoundationEssentials
import MemoryArchive
import MemoryStore
import MemoryStoreSQLite
import Redaction

/// Opens what the settings name.
enum OpenStore {
    /// For a command that only looks: a store that does not exist is an error that says how to make one, not an empty file.
    static func forReading(_ settings: Settings) async throws -> any MemoryStore { try await file(settings) }

    /// The embedded store, for what only a store that is a file can do.
    static func file(_ settings: Settings) async throws -> SQLiteStore {
        guard FileManager.default.fileExists(atPath: settings.store) else {
            throw UsageError("there is no store at \(settings.store) yet; `magenta serve` or `magenta import` makes it, --store FILE names another")
        }
        return try await SQLiteStore.open(path: settings.store)
    }

    /// Makes the store, and its directory, where they are missing.
    static func forWriting(_ settings: Settings) async throws -> any MemoryStore {
        try await SQLiteStore.open(path: settings.store)
    }

    /// The redactor of this store: its placeholders are keyed by the store's key, so that the same secret looks the same everywhere in it.
    static func redactor(_ settings: Settings, for store: any MemoryStore) async throws -> Redactor {
        try redactor(settings, key: try await store.serverKey())
    }

    /// The redactor of the store that the settings name; where there is none yet, one whose placeholders nothing else will have.
    static func redactor(_ settings: Settings) async throws -> Redactor {
        guard FileManager.default.fileExists(atPath: settings.store) else {
            return try redactor(settings, key: (0..<32).map { _ in UInt8.random(in: .min ... .max) })
        }
        return try await redactor(settings, for: try await forReading(settings))
    }

    /// What tells the rules of these settings from others: a rescan that was cut short goes on only by the same.
    static func redactionFingerprint(_ settings: Settings, key: [UInt8]) throws -> String {
        let listed = try settings.secretsFile.map { try SecretsFile(path: $0).values } ?? []
        let rules = try settings.redactionRules.map { String(decoding: try TextInput.bytes($0), as: UTF8.self) } ?? ""
        let shapes = ShapeRow.all.map { "\($0.shape) \($0.looks)" }.joined(separator: "\n")
        let values = listed + SecretEnvironment.values(in: settings.environment, names: settings.secretsEnv)
        return RulesFingerprint.text(key: key, parts: [Magenta.version, shapes, rules] + values.sorted())
    }

    static func redactor(_ settings: Settings, key: [UInt8]) throws -> Redactor {
        let listed = try settings.secretsFile.map { try SecretsFile(path: $0).values } ?? []
        let values = listed + SecretEnvironment.values(in: settings.environment, names: settings.secretsEnv)
        let rules = try settings.redactionRules.map { try RedactionRules(path: $0) } ?? RedactionRules()
        return try Redactor(key: key, exactValues: values, rules: rules)
    }
}
