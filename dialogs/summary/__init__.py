"""The summary of a finished assessment, and the card that offers to send it."""
