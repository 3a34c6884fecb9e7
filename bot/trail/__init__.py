"""The audit: what it can say, and the chain that shows a change. It knows no storage."""
