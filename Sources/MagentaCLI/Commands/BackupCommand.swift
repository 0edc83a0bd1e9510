import ArgumentParser
import JSON
import MemoryStore
import MemoryStoreSQLite

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write a copy of the store to a file, also while the server runs.",
        discussion: """
            The copy is one state of the store, complete, checked before it gets its name, and readable by you alone. The server's key is \
            copied beside it (FILE.key): without it a restored store works, but sessions end and secrets get new placeholders. Whoever has the \
            key can sign sessions, so keep both as you keep the store. `magenta restore FILE` puts it back.
            Exit code 0 when the backup is on disk.
            """)

    @Argument(help: ArgumentHelp("The file.", valueName: "file"))
    var file: String

    @Flag(help: "Replace files that are there.")
    var force = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: SettingOptions

    func run() async throws {
        guard !file.isEmpty else { throw UsageError("cannot write a backup: the name of the file is empty. Fix: name a file") }
        let settings = try Settings(options)
        let path = Settings.absolute(file, home: settings.home)
        let store = try await OpenStore.file(settings)
        // Before anything is noted, or `magenta forget` would name the store as a copy of itself.
        for name in [path, path + ".partial"] { try await store.checkTarget(name, operation: "back the store up to \(path)") }
        await CopyNotes.noteDraft(.backup, path, in: store)
        let statistics = try await store.backup(to: path, replaces: force)
        await CopyNotes.note(.backup, path, in: store)
        guard json else {
            return Terminal.print(
                "\(path) and \(path).key: \(statistics.messages) messages in \(statistics.conversations) conversations, checked")
        }
        Terminal.print(["backup": .string(path), "key": .string(path + ".key"), "messages": .integer(Int64(statistics.messages))])
    }
}

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup in the place of the store.",
        discussion: """
            The backup is checked first and brought up to this version; one of a newer magenta is refused. The store that was there stays, \
            as STORE.before-restore: remove it when you do not need it any more. It is refused while any process has the store open.
            Transcripts that came after the backup are imported again by the next `magenta serve`, as far as Claude Code still has them.
            Exit code 0 when the store is the backup's, 1 when nothing was changed.
            """)

    @Argument(help: ArgumentHelp("What `magenta backup` wrote.", valueName: "file"))
    var file: String

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: SettingOptions

    func run() async throws {
        let settings = try Settings(options)
        let path = Settings.absolute(file, home: settings.home)
        let outcome = try await StoreRestore.run(backup: path, store: settings.store)
        await Self.note(path, in: settings.store)
        guard json else {
            Terminal.print(
                "\(settings.store) is the backup \(path) now: \(outcome.statistics.messages) messages in "
                    + "\(outcome.statistics.conversations) conversations")
            if let replaced = outcome.replaced { Terminal.print("the store that was there: \(replaced)") }
            if !outcome.hasKey { Terminal.complain("the backup has no key beside it (\(path).key); the store's key stays as it is") }
            return
        }
        var object: JSONObject = [
            "store": .string(settings.store), "messages": .integer(Int64(outcome.statistics.messages)), "key": .bool(outcome.hasKey),
        ]
        object["replaced"] = outcome.replaced.map(JSONValue.string)
        Terminal.print(.object(object))
    }

    /// The store's notes came out of the backup, which was noted only after it was written.
    private static func note(_ backup: String, in store: String) async {
        do {
            let restored = try await SQLiteStore.open(path: store)
            await CopyNotes.note(.backup, backup, in: restored)
            try await restored.close()
        } catch { Terminal.complain("magenta: \(error); `magenta forget` may not name \(backup)") }
    }
}
