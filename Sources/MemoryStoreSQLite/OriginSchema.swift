/// The fifth migration; docs/decisions/0004.
///
/// - A source is named by its spool and its path. What stood there before was read by the store's own processes: the empty spool.
/// - A project is a directory and its repository; rows from before have none, and one more row appears when a directory's repository is known.
/// - `size` and `read_time` tell how far a source is behind its file. `origin` is `NULL` where nothing said who and where.
///
/// It runs without foreign keys, which `sources` and `projects` are the targets of (https://www.sqlite.org/lang_altertable.html section 7).
let originSchema = """
    CREATE TABLE origins(
        id INTEGER PRIMARY KEY,
        user TEXT NOT NULL,
        machine TEXT NOT NULL,
        agent TEXT NOT NULL,
        UNIQUE (user, machine, agent)
    );
    CREATE TABLE repositories(
        id INTEGER PRIMARY KEY,
        identity TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL
    );
    CREATE INDEX repositories_by_name ON repositories(name);

    CREATE TABLE new_sources(
        id INTEGER PRIMARY KEY,
        spool TEXT NOT NULL,
        path TEXT NOT NULL,
        generation INTEGER NOT NULL,
        identity TEXT NOT NULL,
        head_hash TEXT NOT NULL,
        head_length INTEGER NOT NULL,
        offset INTEGER NOT NULL,
        line INTEGER NOT NULL,
        size INTEGER NOT NULL,
        read_time INTEGER,
        reader_state TEXT NOT NULL,
        origin INTEGER REFERENCES origins(id),
        UNIQUE (spool, path, generation)
    );
    INSERT INTO new_sources(id, spool, path, generation, identity, head_hash, head_length, offset, line, size, reader_state)
        SELECT id, '', path, generation, identity, head_hash, head_length, offset, line, offset, reader_state FROM sources;
    DROP TABLE sources;
    ALTER TABLE new_sources RENAME TO sources;

    CREATE TABLE new_projects(
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL,
        name TEXT NOT NULL,
        repository INTEGER REFERENCES repositories(id)
    );
    INSERT INTO new_projects(id, path, name) SELECT id, path, name FROM projects;
    DROP TABLE projects;
    ALTER TABLE new_projects RENAME TO projects;
    CREATE UNIQUE INDEX projects_by_path ON projects(path, ifnull(repository, 0));
    CREATE INDEX projects_by_name ON projects(name);
    CREATE INDEX projects_by_repository ON projects(repository) WHERE repository IS NOT NULL;

    ALTER TABLE messages ADD COLUMN origin INTEGER REFERENCES origins(id);
    CREATE INDEX messages_by_origin ON messages(origin, time, id) WHERE is_own_echo = 0 AND origin IS NOT NULL;
    """
