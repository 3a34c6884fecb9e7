"""Stand-ins for the world outside: real behaviour, no mocks."""
