"""People's accounts: their invitation, admission and lock screen, and what time does to them. Nothing of a case is shown here."""
