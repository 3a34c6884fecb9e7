"""Rooms and pairs: the views of the people in them, the report, the cards. They contain no names."""
