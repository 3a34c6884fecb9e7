"""The turn and the card of a person who may be rehearsing. Nothing here can reach the session of a real case."""
