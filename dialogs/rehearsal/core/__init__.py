"""What somebody rehearses, alone or with others, as values and as text. It shows no card."""
