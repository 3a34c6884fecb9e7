"""The layer between the store and `dialogs`: it makes a decision from a stored record and an event. It knows no messenger."""
