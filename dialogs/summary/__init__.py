"""A summary of a finished SERAF, and the offer to send it. Nothing is decided here."""
