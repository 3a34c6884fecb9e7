"""Bots that run against the fake Bot API, and simulated people who use them."""
