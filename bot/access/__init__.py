"""People's accounts: invitation, admission, lock screen, and when each of these expires. No module here shows anything of a case."""
