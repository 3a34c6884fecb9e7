"""Rehearsals, beside the real conversation: nothing outside this folder knows them."""
