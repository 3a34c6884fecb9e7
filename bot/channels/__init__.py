"""The channels by which people reach the bot. Delivery and recovery are the same for each, and know no messenger."""
