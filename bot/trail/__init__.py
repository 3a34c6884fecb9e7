"""The audit: its events, and the chain of keyed hashes by which changes are noticed. Other packages store it."""
