"""Rooms by a link, over HTTP."""
