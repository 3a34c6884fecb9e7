"""Backups: taken while the bot runs, looked through, restored; as files that only their recipients can open. It shows no card."""
