"""Parsers of made-up cases and of the sentences they are built from. `rehearsal.checking` checks agreed answers."""
