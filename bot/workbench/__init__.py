"""Tools for a board's own pack: it can be begun, compared, tried on cases, signed and printed. They open no store."""
