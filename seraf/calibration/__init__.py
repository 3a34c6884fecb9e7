"""Trying a pack's order of urgency on many cases: an assumed intake, and people's answers compared with what leads.

It knows no child: every case is drawn from a seed or carries nothing that identifies anybody.
"""
