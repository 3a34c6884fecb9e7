"""The outside world of the bot: channels, store, keys, clock and log, around a conversation that knows none of them."""
