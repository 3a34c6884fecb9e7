"""The cards that ask the questions and items of a SERAF, and the order in which they are asked."""
