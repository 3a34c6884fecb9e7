"""Texts that several cards share: the score, whom to call, sources, and earlier assessments."""
