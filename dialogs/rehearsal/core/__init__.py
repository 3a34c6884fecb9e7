"""A rehearsal, alone or with others, as a value and as text. No card is defined here."""
