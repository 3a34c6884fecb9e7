"""The state of a rehearsal, alone or with others: its value types and their stored text."""
