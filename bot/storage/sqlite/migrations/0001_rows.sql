-- A row a person, an assessment apart from it, and the key that opens the assessment apart from both.
-- “mark” is a keyed hash; a BLOB that is not a mark is sealed; the rest is counters, times and names of our own.

CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    key TEXT NOT NULL,                      -- the name of the key file
    proof BLOB NOT NULL,                    -- opens with the right key file only
    polled INTEGER
);

CREATE TABLE people (
    mark BLOB PRIMARY KEY NOT NULL,
    person BLOB NOT NULL,
    card INTEGER NOT NULL,
    turn INTEGER NOT NULL,                  -- counts what was decided; in the seal of profile and case
    profile BLOB NOT NULL,
    phase TEXT NOT NULL,
    edition TEXT NOT NULL,
    active INTEGER,
    shows INTEGER NOT NULL,                 -- counts what was shown; in the seal of shown
    shown BLOB NOT NULL,
    owed INTEGER NOT NULL                   -- 1 while the chat may not show the card
);

CREATE INDEX people_active ON people (active);

CREATE TABLE case_keys (
    id INTEGER PRIMARY KEY,
    wrapped BLOB NOT NULL
);

-- Without its key an assessment cannot be read; and it goes with it.
CREATE TABLE cases (
    mark BLOB PRIMARY KEY NOT NULL REFERENCES people (mark),
    key INTEGER NOT NULL UNIQUE REFERENCES case_keys (id) ON DELETE CASCADE,
    body BLOB NOT NULL
);

CREATE TABLE inbound (
    mark BLOB PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    refused TEXT                            -- the class of a failure and its error id
) WITHOUT ROWID;

CREATE TABLE litter (
    mark BLOB PRIMARY KEY NOT NULL,
    message BLOB NOT NULL,
    born INTEGER NOT NULL
);

CREATE TABLE editions (
    fingerprint TEXT PRIMARY KEY NOT NULL,
    instrument BLOB NOT NULL
);
