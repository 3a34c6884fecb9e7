"""Backups: taken while the bot runs, examined and restored, as files that nobody but their recipients can open."""
