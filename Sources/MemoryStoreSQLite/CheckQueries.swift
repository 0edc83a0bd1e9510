import MemoryStore

/// A check that a query can make: how many rows are wrong, and the statement that puts them right from other rows.
struct CheckQuery {
    var check: StoreCheck
    /// Gives one number.
    var count: String
    /// What follows that number.
    var cause: String
    var remedy: String
    /// `nil` for what no other row tells.
    var repair: String?

    private static let lost = "restore a backup, or import an archive that has them into a new store"

    static let all = [
        CheckQuery(
            check: .erasure, count: "SELECT count(*) FROM erasure",
            cause: "erasure is not finished: what was forgotten may still be in the file", remedy: "run `magenta forget --finish`"),
        CheckQuery(
            check: .references, count: "SELECT count(*) FROM pragma_foreign_key_check",
            cause: "rows refer to rows that are missing", remedy: lost),
        CheckQuery(
            check: .references,
            count: """
                SELECT (SELECT count(*) FROM nodes WHERE source NOT IN (SELECT id FROM sources))
                    + (SELECT count(*) FROM occurrences WHERE source NOT IN (SELECT id FROM sources))
                    + (SELECT count(*) FROM nodes WHERE message IS NOT NULL AND message NOT IN (SELECT id FROM messages))
                """,
            cause: "records name a source or a message that is missing", remedy: lost),
        // Each record begins where the one before it ended, in files whose records are lines; documents are counted. A source at 0 is a part of
        // one. A generation may begin in the middle of its file where a watch sent what the store lacked the beginning of; the file is read from
        // its start then, as a later generation. A chunk that reaches before its first record says that records were lost instead.
        CheckQuery(
            check: .lines,
            count: """
                WITH late AS (
                    SELECT own.id AS source, head.offset AS offset, head.line AS line FROM sources AS own
                        JOIN records AS head ON head.source = own.id
                            AND head.offset = (SELECT min(records.offset) FROM records WHERE records.source = own.id)
                    WHERE head.offset > 0
                        AND NOT EXISTS (SELECT 1 FROM raw_chunks WHERE raw_chunks.source = own.id AND raw_chunks.first_offset < head.offset)
                        AND EXISTS (
                            SELECT 1 FROM sources AS later JOIN records AS start ON start.source = later.id AND start.offset = 0
                            WHERE later.spool = own.spool AND later.path = own.path AND later.generation > own.generation)
                )
                SELECT count(*) FROM (
                    SELECT records.offset, records.line, sources.path LIKE '%.jsonl' AS is_lines,
                        ifnull(lag(records.offset + records.length + 1) OVER each, ifnull(late.offset, 0)) AS expected,
                        row_number() OVER each + ifnull(late.line - 1, 0) AS number
                    FROM records JOIN sources ON sources.id = records.source LEFT JOIN late ON late.source = records.source
                    WHERE sources.offset > 0
                    WINDOW each AS (PARTITION BY records.source ORDER BY records.offset)
                ) WHERE line != number OR (is_lines AND offset != expected)
                """,
            cause: "lines do not follow on the line before them: some are missing", remedy: lost),
        CheckQuery(
            check: .lines,
            count: """
                SELECT count(*) FROM sources
                WHERE offset > 0 AND line != ifnull((SELECT max(line) FROM records WHERE records.source = sources.id), 0)
                """,
            cause: "sources account for more or fewer lines than they were read", remedy: lost),
        CheckQuery(
            check: .lines, count: "SELECT count(*) FROM records WHERE outcome NOT BETWEEN 0 AND 3", cause: "lines have no outcome",
            remedy: lost),
        CheckQuery(
            check: .chain,
            count: """
                SELECT count(*) FROM messages
                WHERE NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.uuid = messages.uuid AND nodes.message = messages.id)
                """,
            cause: "messages cannot be found by their id", remedy: "makes their records in the chain anew from where they stand",
            repair: """
                INSERT OR IGNORE INTO nodes(uuid, source, offset, parent, message, ancestor, waits_for)
                SELECT messages.uuid, occurrences.source, occurrences.offset, NULL, messages.id, messages.parent, NULL FROM messages
                    JOIN occurrences ON occurrences.message = messages.id AND occurrences.window = messages.window
                WHERE NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.uuid = messages.uuid);
                UPDATE nodes SET message = (SELECT id FROM messages WHERE messages.uuid = nodes.uuid)
                WHERE message IS NULL AND uuid IN (SELECT uuid FROM messages);
                """),
        CheckQuery(
            check: .occurrences,
            count: """
                SELECT count(*) FROM messages WHERE NOT EXISTS
                    (SELECT 1 FROM occurrences WHERE occurrences.message = messages.id AND occurrences.window = messages.window)
                """,
            cause: "messages do not stand in their window", remedy: "puts them back at their position",
            repair: """
                INSERT OR IGNORE INTO occurrences(message, window, position, source, offset)
                SELECT messages.id, messages.window, messages.position, nodes.source, nodes.offset
                FROM messages JOIN nodes ON nodes.uuid = messages.uuid AND nodes.message = messages.id;
                """),
        CheckQuery(
            check: .counters,
            count: """
                SELECT count(*) FROM windows
                WHERE message_count != (SELECT count(*) FROM occurrences WHERE occurrences.window = windows.id)
                    OR last_position < (SELECT max(position) FROM occurrences WHERE occurrences.window = windows.id)
                    OR ((first_time IS NULL OR last_time IS NULL) AND message_count > 0)
                """,
            cause: "windows count their messages wrong", remedy: "counts them again",
            repair: """
                UPDATE windows SET message_count = (SELECT count(*) FROM occurrences WHERE occurrences.window = windows.id),
                    last_position = max(last_position, ifnull((SELECT max(position) FROM occurrences WHERE occurrences.window = windows.id), 0)),
                    first_time = ifnull(first_time, (SELECT min(time) FROM messages JOIN occurrences ON occurrences.message = messages.id
                        WHERE occurrences.window = windows.id)),
                    last_time = ifnull(last_time, (SELECT max(time) FROM messages JOIN occurrences ON occurrences.message = messages.id
                        WHERE occurrences.window = windows.id));
                """),
        CheckQuery(
            check: .counters,
            count: """
                SELECT count(*) FROM conversations WHERE last_time IS NOT
                    (SELECT max(last_time) FROM windows WHERE windows.conversation = conversations.id)
                """,
            cause: "conversations have the wrong time in the list of the newest", remedy: "takes it from their windows",
            repair: """
                UPDATE conversations SET last_time = (SELECT max(last_time) FROM windows WHERE windows.conversation = conversations.id);
                """),
        CheckQuery(
            check: .counters, count: "SELECT abs((SELECT count(*) FROM messages) - (SELECT messages FROM totals))",
            cause: "messages more or fewer than the total says", remedy: "counts them again",
            repair: "UPDATE totals SET messages = (SELECT count(*) FROM messages);"),
        CheckQuery(
            check: .orphans, count: "SELECT count(*) FROM blocks WHERE id >> 12 NOT IN (SELECT id FROM messages)",
            cause: "texts belong to no message", remedy: "removes them and makes the index anew",
            repair: """
                DELETE FROM blocks WHERE id >> 12 NOT IN (SELECT id FROM messages);
                INSERT INTO block_index(block_index) VALUES ('rebuild');
                """),
        CheckQuery(
            check: .index,
            count: """
                SELECT (SELECT count(*) FROM indexed_blocks WHERE id NOT IN (SELECT id FROM block_index_docsize))
                    + (SELECT count(*) FROM block_index_docsize WHERE id NOT IN (SELECT id FROM indexed_blocks))
                """,
            cause: "texts are missing in the index, or are in it and nowhere else", remedy: "makes the index anew from the texts",
            repair: "INSERT INTO block_index(block_index) VALUES ('rebuild');"),
    ]
}
