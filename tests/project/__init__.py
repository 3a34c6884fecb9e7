"""Tests of the project itself: its structure, documents, releases and deployment files."""
