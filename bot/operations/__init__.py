"""Housekeeping, backups, rotation of keys. It shows no card."""
