-- Where an organisation has turned that on: how many leads, outcomes of calls and answers there were in a month. Of no person, no
-- case and no day.

CREATE TABLE monthly_counts (
    month TEXT PRIMARY KEY NOT NULL,        -- 2026-11
    body BLOB NOT NULL                      -- what was counted in it, sealed
);
