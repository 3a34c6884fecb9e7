-- A store opens for nobody once it was moved to another place, or until it has arrived at its place.

ALTER TABLE meta ADD COLUMN moved TEXT;     -- "to " or "from " and the place
