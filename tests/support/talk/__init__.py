"""Conversations driven by the labels on the cards."""
