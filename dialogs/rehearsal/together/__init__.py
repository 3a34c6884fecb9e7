"""Rehearsals for a group (rooms) and for two people (pairs): turns, cards, and the report. No names are stored."""
