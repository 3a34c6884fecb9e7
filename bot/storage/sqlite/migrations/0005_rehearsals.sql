-- What somebody rehearses, and how their rehearsals went: apart from every assessment, and no child's.

CREATE TABLE rehearsals (
    mark BLOB PRIMARY KEY NOT NULL REFERENCES people (mark),
    body BLOB NOT NULL                      -- sealed to the turn of the person's row
);
