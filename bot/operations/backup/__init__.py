"""Taking, examining, restoring and deleting backups of the store, which only their recipients can open."""
