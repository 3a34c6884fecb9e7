"""A turn and a card of somebody who may be rehearsing. It has no real session, and no way to one."""
