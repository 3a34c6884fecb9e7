"""What a running bot reports: counts, its state, metrics and log events. None of it is about a person or a message."""
