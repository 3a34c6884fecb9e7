"""Points, category, and what a score calls for apart from its number. It gives no advice."""
