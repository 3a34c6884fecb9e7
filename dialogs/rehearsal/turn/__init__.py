"""The turns and the card of a person who may be rehearsing. They cannot reach the session of a real case."""
