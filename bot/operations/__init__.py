"""Housekeeping, backups, rotation of keys. It answers nobody."""
