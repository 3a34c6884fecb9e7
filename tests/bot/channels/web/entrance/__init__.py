"""Tests of signing in to the pages and signing out."""
