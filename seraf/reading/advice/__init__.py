"""Parsers of the guidance: leads, steps, the action card, contacts and the call script. They apply no rule."""
