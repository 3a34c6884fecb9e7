"""Backups: taken while the bot runs, checked, restored; as files that only their recipients can open. It shows no card."""
