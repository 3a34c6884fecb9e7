"""Points, category, and what a score calls for beside its number. It gives no advice."""
