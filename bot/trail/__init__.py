"""The audit: its events, and the chain of keyed hashes that shows a change. It knows no storage."""
