"""The ways in which people reach the bot. Each turns what it hears into events, and cards into what it can show."""
