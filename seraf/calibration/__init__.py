"""Tests of how urgent a pack finds many cases: generated cases of an assumed intake, and people's answers to compare.

No case belongs to an identifiable child: cases are generated from a seed, or contain no identifying data.
"""
