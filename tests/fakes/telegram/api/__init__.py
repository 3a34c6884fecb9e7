"""How a call of the Bot API is parsed, what each method does, and what it replies. Nothing here simulates people."""
