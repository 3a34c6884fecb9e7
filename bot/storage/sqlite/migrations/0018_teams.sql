-- Who is in which team, who manages it, and who is on call when. It has ids of the audit and no labels, and nothing of a case.

CREATE TABLE teams (
    mark BLOB PRIMARY KEY NOT NULL,         -- a keyed hash of the team's name
    body BLOB NOT NULL                      -- its name, people, rota and tonight, sealed
);
