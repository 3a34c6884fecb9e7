"""Sign-in with an organisation's OpenID Connect provider. Pages, accounts and cases are the concern of other packages."""
