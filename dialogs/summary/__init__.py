"""A finished SERAF written down, and the offer to send it. It decides nothing."""
