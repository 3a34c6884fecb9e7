"""The commands about a board's own pack and its made-up cases. They open no real case."""
