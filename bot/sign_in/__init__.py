"""Sign-in through an organisation's own OpenID Connect provider. Pages, accounts and cases are not known here."""
