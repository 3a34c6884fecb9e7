"""Bots that ours is compared with: each shows the cards of a file, one after another, and does no more than it has to."""
