"""Rehearsals, apart from the real conversation: nothing outside this folder knows them."""
