"""The bot itself: channels, store, keys, clock and log, around the dialogs, which depend on none of them."""
