"""Checks of a whole pack: rules that never hold, contradictory prose, false quotations; and the line of each fault.

They change nothing in the pack.
"""
