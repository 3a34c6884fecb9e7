"""The turns and cards of rehearsals. They cannot read or change the session of a real case."""
