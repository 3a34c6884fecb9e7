"""Bots in processes of their own that start at once: forked from one that has imported what they need, and has done nothing yet.

It knows how to begin `seraf-bot` with words, surroundings and streams. It refuses to know what is tested.
"""
