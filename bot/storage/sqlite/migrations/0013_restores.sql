-- That a backup was put in the place of the store, until an administrator has confirmed who is in: nobody is served before.

CREATE TABLE restores (
    mark BLOB PRIMARY KEY NOT NULL,
    body BLOB NOT NULL                      -- when that was, sealed
);
