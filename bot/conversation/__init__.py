"""Between the store and `dialogs`: a stored record and an event become a decision. It knows no messenger."""
