"""Simulated people who use the bot behind its lock screen, alone or several in one store."""
