"""Tests of what can be seen of a running bot from outside: counts, times and events, and no person."""
