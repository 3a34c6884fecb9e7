"""How an organisation's own sign-in (OpenID Connect) says who came. It knows no page, no standing and no case."""
