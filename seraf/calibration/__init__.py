"""A pack's order of urgency tried on many cases: an assumed intake, and people's own answers compared with what leads.

It knows no child: every case here is drawn from a seed, or comes without anything that names somebody.
"""
