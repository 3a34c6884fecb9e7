"""Operations on a whole store: housekeeping, backups, key rotation, upgrades, watching. No module here shows a card."""
