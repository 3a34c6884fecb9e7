"""The questions and items of a SERAF on their cards, and the path from one to the next. It knows no result."""
