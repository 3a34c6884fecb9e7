-- Rooms in which a made-up case is rehearsed together, while they are open: found by their code, which is kept nowhere in clear.

CREATE TABLE rooms (
    mark BLOB PRIMARY KEY NOT NULL,
    body BLOB NOT NULL,                     -- its code, what is counted in it, and whose cards show it, sealed
    until INTEGER NOT NULL
);

CREATE INDEX rooms_until ON rooms (until);
