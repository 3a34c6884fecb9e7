"""Tools for a board's own pack: to begin it, compare it, try it on cases, sign it and print it. They open no store."""
