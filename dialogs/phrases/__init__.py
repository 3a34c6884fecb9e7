"""Phrases that several cards share: the score, whom to call, sources, earlier SERAFs. No button is defined here."""
