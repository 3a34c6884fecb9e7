"""The layer between the store and `dialogs`. From a stored record and an event, it decides what to store and do, on any channel."""
