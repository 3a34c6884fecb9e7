"""What may be looked up: the guide, the glossary, and what the guidance wants recorded. It knows no case."""
