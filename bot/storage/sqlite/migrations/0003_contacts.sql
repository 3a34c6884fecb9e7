-- What people found when they tried a telephone number: the latest of each contact of the pack.

CREATE TABLE contacts (
    contact TEXT PRIMARY KEY NOT NULL,      -- the contact's id in the pack
    body BLOB NOT NULL                      -- which number, on which day, and whether it was right, sealed
);
