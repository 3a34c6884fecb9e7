"""Stores, trails of the audit, and folders with something of every kind in them."""
