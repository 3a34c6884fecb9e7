-- Documents of a rehearsal that somebody asked for and that are not sent yet. They are of no case, and so no case takes them
-- along when it goes.

CREATE TABLE rehearsal_parcels (
    mark BLOB PRIMARY KEY NOT NULL REFERENCES people (mark),
    body BLOB NOT NULL                      -- whose, which kinds and since when, sealed
);
