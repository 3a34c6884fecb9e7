"""The cards of the questions and items of a SERAF, and the path from one to the next. No result is shown here."""
