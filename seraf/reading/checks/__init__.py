"""Checks of a pack for rules that never apply, contradictory prose and false quotations, and the line of each fault.

None of them changes the pack.
"""
