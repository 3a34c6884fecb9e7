"""Sign-in by an organisation's own OpenID Connect provider. It knows no page, no account and no case."""
