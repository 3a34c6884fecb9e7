"""Rooms and pairs: turns of the people in them, their cards, and the report. They contain no names."""
