"""The way in by the organisation's own sign-in: its pages, its cookies, and who a signed-in browser is. It shows no case."""
