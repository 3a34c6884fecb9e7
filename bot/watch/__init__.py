"""The counts, report, metrics and log events of a running bot. None of them is about a person or a message."""
