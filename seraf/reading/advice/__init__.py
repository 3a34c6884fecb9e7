"""Parsers of the guidance: leads, steps, the action card, contacts and the call script. They evaluate no rule."""
