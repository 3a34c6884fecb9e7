"""A turn and a card of somebody who may be rehearsing."""
