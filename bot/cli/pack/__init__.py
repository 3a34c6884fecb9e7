"""Commands for authors of a board's own pack: begun, checked, compared, tried, signed, printed. They open no store."""
