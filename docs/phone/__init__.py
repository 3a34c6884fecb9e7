"""Cards as a phone shows them: how high they are, which labels are cut, and pictures of them. `python -m docs.phone`."""
