"""A test double of an organisation's sign-in (OpenID Connect) on loopback. It checks its clients, and can err."""
