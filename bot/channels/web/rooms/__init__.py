"""Rooms by a link: guests and the screen of the host of a room. Nothing here can reach a real case, a person or a standing."""
