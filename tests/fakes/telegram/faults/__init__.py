"""What can go wrong between the bot and Telegram: what a test orders, and what an impolite bot brings on itself."""
