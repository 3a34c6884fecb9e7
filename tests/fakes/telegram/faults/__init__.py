"""What can go wrong between the bot and Telegram: faults that a test plans, and limits that the bot exceeds."""
