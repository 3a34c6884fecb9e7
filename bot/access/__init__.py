"""Accounts: the permissions of people, and when they end. It shows nothing of a case."""
