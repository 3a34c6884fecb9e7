"""Backups: taken while the bot runs, examined and restored, as files that only their recipients can open."""
