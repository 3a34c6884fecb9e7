"""The channels by which people reach the bot. Delivery and recovery are the same for each; a channel's folder only translates."""
