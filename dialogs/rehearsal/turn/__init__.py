"""The turn and the card of a person who may be rehearsing. There is no real session here, and no way to reach one."""
