-- Documents that somebody asked for and that are not sent yet: which kinds, of which reference, and since when. Not what is in
-- them: that is made from the case when it is sent. What is owed goes with its case.

CREATE TABLE parcels (
    mark BLOB PRIMARY KEY NOT NULL REFERENCES cases (mark) ON DELETE CASCADE,
    body BLOB NOT NULL                      -- whose, which reference, which kinds and since when, sealed
);
