"""The channels (Telegram, web pages, terminal), and the delivery and recovery that they share."""
