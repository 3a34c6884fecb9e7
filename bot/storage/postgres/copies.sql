-- What PostgreSQL needs besides the store's own tables: the version of these, the copies of the bot, and the one that leads.

CREATE TABLE schema_version (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,               -- the number of the last migration
    oldest INTEGER NOT NULL                 -- the oldest version that a bot must know to use these tables
);

CREATE TABLE copies (
    copy TEXT PRIMARY KEY,                  -- drawn at each start
    host TEXT NOT NULL,                     -- the name of its machine
    polls BOOLEAN NOT NULL,                 -- false for one that serves only pages
    seen timestamptz NOT NULL
);

-- Apart from the copies, whose rows must never wait for a commit.
CREATE TABLE commits (
    copy TEXT PRIMARY KEY,
    latest TEXT NOT NULL,                   -- the name of its latest commit, by which one without an answer is looked up
    at timestamptz NOT NULL
);

-- A table from which a row was erased that must be gone from every file, until the table's file is rewritten.
CREATE TABLE erased (
    name TEXT PRIMARY KEY,
    latest TEXT NOT NULL                    -- the name of the latest commit that erased a row
);

CREATE TABLE lease (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    holder TEXT NOT NULL,                   -- the copy that leads
    epoch INTEGER NOT NULL,                 -- one more for each new holder
    until timestamptz NOT NULL              -- by the clock of the database
);
