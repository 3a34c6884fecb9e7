"""Measures how urgent a pack finds cases, on an assumed intake and against people's answers.

No case belongs to an identifiable child: cases are generated from a seed, or contain no identifying data.
"""
