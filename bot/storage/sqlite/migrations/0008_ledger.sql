-- What belongs to a person, in the seal of their profile, and one count over all rows that matter: see ledger/.
-- With this, and in the same transaction, every profile and every code is sealed to what stands in clear beside it.

ALTER TABLE people ADD COLUMN has INTEGER NOT NULL DEFAULT 0; -- 1 a standing, 2 a rehearsal, 4 a case

CREATE TABLE ledger (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL,                -- counts the writes that changed a counted row
    sums BLOB NOT NULL                      -- sealed to the number
);
