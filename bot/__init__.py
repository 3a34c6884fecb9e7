"""The bot itself: channels, store, encryption keys, clock and log. It uses the dialogs; the dialogs do not import it."""
