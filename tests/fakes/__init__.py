"""Test doubles of the outside world: working fakes with real behaviour, no mocks."""
