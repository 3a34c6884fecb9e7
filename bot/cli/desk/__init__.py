"""Commands for one SERAF at a desk: chat, items, score, summary."""
