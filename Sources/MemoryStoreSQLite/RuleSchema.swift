/// The seventh migration; docs/forget.md.
///
/// - `forgotten` holds keyed hashes (the server's key) of ids, raw records, titles and conversations that were erased, no text: how they are
///   known when something brings them again.
/// - `erasing_*` is what is still to go, and the one row of `erasure` says that something is, rows or old pages of the file. Both are
///   written in the transaction that begins an erasure, so that a process may die anywhere in it.
/// - `newest_message` is the highest number that an erased message had, so that none is given twice.
/// - `rescans` has one row while a rescan is under way: by which rules, and how far it is.
let ruleSchema = """
    CREATE TABLE forgotten(hash BLOB PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE erasure(
        id INTEGER PRIMARY KEY CHECK (id = 1),
        begun INTEGER NOT NULL
    );
    CREATE TABLE erasing_messages(message INTEGER PRIMARY KEY);
    CREATE TABLE erasing_records(
        source INTEGER NOT NULL,
        offset INTEGER NOT NULL,
        PRIMARY KEY (source, offset)
    ) WITHOUT ROWID;
    CREATE TABLE erasing_titles(title INTEGER PRIMARY KEY);
    CREATE TABLE erasing_blobs(hash BLOB PRIMARY KEY) WITHOUT ROWID;
    ALTER TABLE totals ADD COLUMN newest_message INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE rescans(
        id INTEGER PRIMARY KEY CHECK (id = 1),
        fingerprint TEXT NOT NULL,
        step INTEGER NOT NULL,
        place INTEGER NOT NULL
    );
    CREATE TABLE copies(
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        path TEXT NOT NULL,
        time INTEGER NOT NULL,
        UNIQUE (kind, path)
    );
    CREATE TABLE exclusions(
        name TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        pattern TEXT NOT NULL,
        created INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE retentions(
        project TEXT PRIMARY KEY,
        days INTEGER
    ) WITHOUT ROWID;
    """
