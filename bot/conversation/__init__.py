"""The layer between the store and `dialogs`: from a stored record and an event, it decides what to store and do. It is
the same for all channels.
"""
