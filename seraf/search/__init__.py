"""The search for what fits a question in somebody's own words. It knows a pack and the question, and nothing of a case."""
