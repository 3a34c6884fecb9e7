-- What every copy of the program has to know for a short time: tries of invitation codes, and toasts that came after their page.

CREATE TABLE short_lived (
    mark BLOB PRIMARY KEY NOT NULL,         -- a keyed hash of what it is and whose
    body BLOB NOT NULL,                     -- the value, sealed
    until INTEGER NOT NULL
);
