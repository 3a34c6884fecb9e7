"""The conversation. A turn is a pure function of a session and an event, and a card can be drawn from any session.

This package does not depend on a messenger or a store.
"""
