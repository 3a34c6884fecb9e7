"""The conversation. A turn is a pure function of a session and an event, and a card can be drawn from a session at any
time.

This package knows no messenger and no store.
"""
