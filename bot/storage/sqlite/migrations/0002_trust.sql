-- Standing, one-time codes, the audit and reminders; and two times by which the bot knows what to do unasked.

ALTER TABLE people ADD COLUMN due INTEGER;  -- when something is to happen without the person
ALTER TABLE people ADD COLUMN born INTEGER; -- the birth of the live card
UPDATE people SET due = ifnull(active, 0) + 604800000000 WHERE mark IN (SELECT mark FROM cases); -- 7 days, in microseconds
CREATE INDEX people_due ON people (due);
CREATE INDEX people_born ON people (born);
CREATE INDEX people_owed ON people (owed) WHERE owed = 1;

ALTER TABLE meta ADD COLUMN bot TEXT;       -- the bot's public name, for links in invitations

CREATE TABLE standings (
    mark BLOB PRIMARY KEY NOT NULL REFERENCES people (mark),
    body BLOB NOT NULL                      -- sealed to the turn of the person's row
);

CREATE TABLE tickets (                      -- one-time codes, found by their keyed hash
    mark BLOB PRIMARY KEY NOT NULL,
    body BLOB NOT NULL,
    until INTEGER NOT NULL
);

-- A chain of entries in monthly segments. A segment that was dropped after its term leaves its row here.
CREATE TABLE audit_segments (
    month TEXT PRIMARY KEY NOT NULL,        -- 2026-11
    first INTEGER NOT NULL,                 -- the number of its first entry
    count INTEGER NOT NULL,
    start BLOB NOT NULL,                    -- the link before its first entry
    head BLOB NOT NULL,                     -- the link of its last entry, and a keyed hash over this row
    dropped INTEGER                         -- when its entries were dropped
);

CREATE TABLE audit (
    number INTEGER PRIMARY KEY,             -- counts entries from 1, never reset
    month TEXT NOT NULL REFERENCES audit_segments (month),
    entry BLOB NOT NULL,                    -- sealed
    link BLOB NOT NULL                      -- a keyed hash over the link before and this entry
);

CREATE TABLE reminders (
    mark BLOB PRIMARY KEY NOT NULL,         -- of the person and the reference
    body BLOB NOT NULL,                     -- person and reference, sealed
    due INTEGER NOT NULL
);
