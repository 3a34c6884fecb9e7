"""What the pages in a browser are tried with: a server, a browser without a script, and people who are known."""
