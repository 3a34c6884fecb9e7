"""Checks of a pack for useless rules, contradictory prose and false quotations; and the line number of each fault.

No check changes the pack.
"""
