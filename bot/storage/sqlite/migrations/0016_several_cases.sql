-- A row a case, found by a keyed hash of its reference, and a row for each person who has to do with it. What was there before is
-- moved in the same transaction, with the keys (see moving_cases).

ALTER TABLE parcels RENAME TO parcels_before;
ALTER TABLE cases RENAME TO cases_before;

CREATE TABLE cases (
    mark BLOB PRIMARY KEY NOT NULL,
    key INTEGER NOT NULL UNIQUE REFERENCES case_keys (id),
    turn INTEGER NOT NULL,                  -- counts what was decided; in the seal of head and body
    head BLOB NOT NULL,                     -- what lists and terms need, sealed under the bot's key
    body BLOB NOT NULL                      -- sealed under the case's own key
);

CREATE TABLE case_people (
    mark BLOB PRIMARY KEY NOT NULL,         -- of the case and the person
    kase BLOB NOT NULL REFERENCES cases (mark),
    person BLOB NOT NULL REFERENCES people (mark),
    kind TEXT NOT NULL,
    until INTEGER,
    body BLOB NOT NULL                      -- of which case, whose, since when and by whom, sealed
);

CREATE INDEX case_people_kase ON case_people (kase);
CREATE INDEX case_people_person ON case_people (person);

CREATE TABLE parcels (
    mark BLOB PRIMARY KEY NOT NULL REFERENCES cases (mark),
    body BLOB NOT NULL                      -- whose, which reference, which kinds and since when, sealed
);
