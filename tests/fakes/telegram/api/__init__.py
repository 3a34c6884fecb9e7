"""How a call of the Bot API is read, what each method does, and what it answers; nothing here knows a person."""
