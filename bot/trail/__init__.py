"""The audit: its events, and the chain of keyed hashes that reveals changes. How it is stored is not known here."""
