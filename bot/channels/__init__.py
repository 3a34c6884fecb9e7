"""The channels by which people reach the bot. Delivery and recovery are shared by all, and depend on no messenger."""
