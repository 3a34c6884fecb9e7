-- Passes to rooms, for browsers without an account: guests, and the screen of whoever runs a room. They are nobody's of `people`.

CREATE TABLE passes (
    mark BLOB PRIMARY KEY NOT NULL,         -- a keyed hash of what the browser alone knows
    body BLOB NOT NULL,                     -- its room, what is rehearsed, whose screen it is and until when, sealed
    until INTEGER NOT NULL
);

CREATE INDEX passes_until ON passes (until);
