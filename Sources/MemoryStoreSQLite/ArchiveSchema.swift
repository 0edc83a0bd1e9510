/// The first migration. Why it is shaped so:
///
/// - `records` holds one row per line that was ever read, blank and refused ones too, so that every line can be accounted
///   for; `outcome` is 0 stored, 1 known, 2 repeated, 3 refused. `place` is the line's number in the raw chunk that
///   covers it, `NULL` where none was kept. `hash` identifies lines without a uuid and refused ones.
/// - `raw_chunks` holds what those lines said: redacted, re-serialised, joined by line breaks and compressed together.
///   Strings of 8 KiB and more stand in `blobs` once, by their hash (prompts and schemas repeat in every session).
/// - `nodes` holds one row per record with an id (`FILE@OFFSET` for a message without one), message or not: it is how a
///   uuid is known again, and how the chain of parents is bridged over records that are no messages. `ancestor` is the
///   nearest message before it, `waits_for` the missing record where the way up ends.
/// - A message is stored once, by the file that came first; `occurrences` holds every window in which it stands.
/// - `blocks.id` is the message's id times 4096 plus the block's place. So the index, whose rows are blocks, tells the
///   message by a shift, and a message's blocks are one range. Texts are BLOBs of UTF-8: they may hold NUL, and `length`
///   and `substr` then count bytes.
/// - `indexed_blocks` is what `block_index` indexes: as its external content it lets the index be rebuilt, and what it
///   leaves out (echoes of magenta itself, images, encrypted thinking) is never found.
/// - A title or a spawn may come before or after what it speaks of. Spawns are joined when a window is read; a title whose
///   leaf is missing waits with `conversation` NULL.
/// - `totals` is one row of counters, kept in the transaction that changes them: /health asks often.
/// - All indexes of messages leave own echoes out; a query has to say `is_own_echo = 0` to use them.
let archiveSchema = """
    CREATE TABLE sources(
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL,
        generation INTEGER NOT NULL,
        identity TEXT NOT NULL,
        head_hash TEXT NOT NULL,
        head_length INTEGER NOT NULL,
        offset INTEGER NOT NULL,
        line INTEGER NOT NULL,
        reader_state TEXT NOT NULL,
        UNIQUE (path, generation)
    );
    CREATE TABLE records(
        source INTEGER NOT NULL REFERENCES sources(id),
        offset INTEGER NOT NULL,
        length INTEGER NOT NULL,
        line INTEGER NOT NULL,
        outcome INTEGER NOT NULL,
        reason TEXT,
        place INTEGER,
        hash BLOB,
        PRIMARY KEY (source, offset)
    ) WITHOUT ROWID;
    CREATE INDEX records_by_hash ON records(hash) WHERE hash IS NOT NULL;
    CREATE TABLE raw_chunks(
        id INTEGER PRIMARY KEY,
        source INTEGER NOT NULL REFERENCES sources(id),
        first_offset INTEGER NOT NULL,
        last_offset INTEGER NOT NULL,
        length INTEGER NOT NULL,
        frame BLOB NOT NULL,
        UNIQUE (source, first_offset)
    );
    CREATE TABLE blobs(
        id INTEGER PRIMARY KEY,
        hash BLOB NOT NULL UNIQUE,
        length INTEGER NOT NULL,
        frame BLOB NOT NULL
    );

    CREATE TABLE projects(
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL
    );
    CREATE INDEX projects_by_name ON projects(name);
    CREATE TABLE participants(
        id INTEGER PRIMARY KEY,
        role TEXT NOT NULL,
        name TEXT,
        lookup TEXT
    );
    CREATE UNIQUE INDEX participants_by_name ON participants(role, ifnull(name, ''));
    CREATE TABLE conversations(
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE
    );
    CREATE TABLE windows(
        id INTEGER PRIMARY KEY,
        conversation INTEGER NOT NULL REFERENCES conversations(id),
        opener TEXT NOT NULL,
        opening TEXT NOT NULL,
        agent_id TEXT,
        project INTEGER REFERENCES projects(id),
        last_position INTEGER NOT NULL DEFAULT 0,
        message_count INTEGER NOT NULL DEFAULT 0,
        first_time INTEGER,
        last_time INTEGER,
        UNIQUE (conversation, opener)
    );
    CREATE TABLE messages(
        id INTEGER PRIMARY KEY,
        uuid TEXT NOT NULL,
        window INTEGER NOT NULL REFERENCES windows(id),
        position INTEGER NOT NULL,
        participant INTEGER NOT NULL REFERENCES participants(id),
        kind TEXT NOT NULL,
        project INTEGER REFERENCES projects(id),
        branch TEXT,
        time INTEGER NOT NULL,
        model TEXT,
        parent INTEGER,
        is_own_echo INTEGER NOT NULL
    );
    CREATE INDEX messages_by_time ON messages(time, id, project, window) WHERE is_own_echo = 0;
    CREATE INDEX messages_by_project ON messages(project, kind, time, id) WHERE is_own_echo = 0;
    CREATE INDEX messages_by_kind ON messages(kind, time, id) WHERE is_own_echo = 0;
    CREATE INDEX messages_by_participant ON messages(participant, time, id) WHERE is_own_echo = 0;
    CREATE TABLE occurrences(
        message INTEGER NOT NULL REFERENCES messages(id),
        window INTEGER NOT NULL REFERENCES windows(id),
        position INTEGER NOT NULL,
        source INTEGER NOT NULL,
        offset INTEGER NOT NULL,
        PRIMARY KEY (message, window)
    ) WITHOUT ROWID;
    CREATE UNIQUE INDEX occurrences_by_window ON occurrences(window, position);
    CREATE TABLE blocks(
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        tool_use_id TEXT,
        name TEXT,
        is_error INTEGER NOT NULL,
        text BLOB NOT NULL
    );
    CREATE INDEX blocks_by_tool_use ON blocks(tool_use_id) WHERE kind = 'tool_use' AND tool_use_id IS NOT NULL;
    CREATE TABLE nodes(
        uuid TEXT PRIMARY KEY,
        source INTEGER NOT NULL,
        offset INTEGER NOT NULL,
        parent TEXT,
        message INTEGER,
        ancestor INTEGER,
        waits_for TEXT
    ) WITHOUT ROWID;
    CREATE INDEX nodes_waiting ON nodes(waits_for) WHERE waits_for IS NOT NULL;

    CREATE VIEW indexed_blocks AS
        SELECT blocks.id AS id, CAST(blocks.text AS TEXT) AS text
        FROM blocks JOIN messages ON messages.id = blocks.id >> 12
        WHERE messages.is_own_echo = 0 AND blocks.kind NOT IN ('image', 'document', 'redacted_thinking');
    CREATE VIRTUAL TABLE block_index USING fts5(
        text, content = 'indexed_blocks', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2'
    );

    CREATE TABLE titles(
        id INTEGER PRIMARY KEY,
        kind INTEGER NOT NULL,
        text TEXT NOT NULL,
        conversation INTEGER REFERENCES conversations(id),
        leaf TEXT
    );
    CREATE UNIQUE INDEX titles_by_conversation ON titles(conversation, kind) WHERE leaf IS NULL;
    CREATE UNIQUE INDEX titles_by_leaf ON titles(leaf, kind) WHERE leaf IS NOT NULL;
    CREATE INDEX titles_resolved ON titles(conversation);
    CREATE TABLE compactions(
        boundary TEXT PRIMARY KEY,
        window INTEGER NOT NULL REFERENCES windows(id)
    ) WITHOUT ROWID;
    CREATE TABLE spawns(
        conversation INTEGER NOT NULL REFERENCES conversations(id),
        opener TEXT NOT NULL,
        tool_use_id TEXT NOT NULL,
        PRIMARY KEY (conversation, opener)
    ) WITHOUT ROWID;
    CREATE TABLE replies(
        reply TEXT NOT NULL,
        conversation INTEGER NOT NULL REFERENCES conversations(id),
        input INTEGER NOT NULL,
        output INTEGER NOT NULL,
        cache_creation INTEGER NOT NULL,
        cache_read INTEGER NOT NULL,
        PRIMARY KEY (reply, conversation)
    ) WITHOUT ROWID;
    CREATE TABLE totals(
        id INTEGER PRIMARY KEY CHECK (id = 1),
        messages INTEGER NOT NULL DEFAULT 0,
        input INTEGER NOT NULL DEFAULT 0,
        output INTEGER NOT NULL DEFAULT 0,
        cache_creation INTEGER NOT NULL DEFAULT 0,
        cache_read INTEGER NOT NULL DEFAULT 0
    );
    INSERT INTO totals(id) VALUES (1);

    CREATE TABLE eras(
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        start INTEGER NOT NULL UNIQUE
    );
    INSERT INTO eras(name, start) VALUES ('Era 1', 0);
    CREATE TABLE session_records(
        id TEXT PRIMARY KEY,
        expires INTEGER NOT NULL,
        has_ended INTEGER NOT NULL,
        log_level TEXT
    ) WITHOUT ROWID;
    CREATE INDEX session_records_by_expiry ON session_records(expires);
    CREATE TABLE settings(
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID;
    """

/// The third migration: `last_time` is the newest message's time, kept in the transaction that stores it. So a list of the newest
/// conversations reads as many rows as it shows; conversations that only a title has named so far have none and are left out.
let conversationTimeSchema = """
    ALTER TABLE conversations ADD COLUMN last_time INTEGER;
    UPDATE conversations SET last_time = (SELECT max(last_time) FROM windows WHERE windows.conversation = conversations.id);
    CREATE INDEX conversations_by_time ON conversations(last_time, id) WHERE last_time IS NOT NULL;
    """

/// The fourth migration. A name is free again once its token is revoked, so that a token can be replaced under its name; the old row
/// stays, since a store that has had a token never lets in everybody again.
let tokenSchema = """
    CREATE TABLE tokens(
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        hash BLOB NOT NULL UNIQUE,
        scopes TEXT NOT NULL,
        created INTEGER NOT NULL,
        expires INTEGER,
        revoked INTEGER
    );
    CREATE UNIQUE INDEX tokens_by_name ON tokens(lower(name)) WHERE revoked IS NULL;
    """

/// Whose conversations come in with a token, and by what a spool that sends is known again: the proof of its first request.
let senderSchema = """
    ALTER TABLE tokens ADD COLUMN user TEXT;
    CREATE TABLE spools(id TEXT PRIMARY KEY, proof TEXT NOT NULL) WITHOUT ROWID;
    """
