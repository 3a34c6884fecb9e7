"""What may be looked up on the screen: guide, glossary, help; their words and their buttons. It knows no case."""
