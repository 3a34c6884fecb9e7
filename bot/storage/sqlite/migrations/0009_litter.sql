-- Whose each message is, as the keyed hash of their row: what is left in one chat is found without opening all that is left
-- anywhere. It is filled in the same transaction.

ALTER TABLE litter ADD COLUMN whose BLOB;
CREATE INDEX litter_whose ON litter (whose);
