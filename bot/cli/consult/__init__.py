"""Commands for one SERAF, without a store: chat, items, score, summary."""
