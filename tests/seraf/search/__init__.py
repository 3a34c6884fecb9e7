"""Tests of the search in somebody's own words, with questions and sentences that were written for them."""
