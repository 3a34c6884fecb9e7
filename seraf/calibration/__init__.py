"""Trying a pack's order of urgency on many cases: an assumed intake, and what people say of cases beside what leads.

It knows no child: every case here is drawn from a seed, or comes without anything that names somebody.
"""
