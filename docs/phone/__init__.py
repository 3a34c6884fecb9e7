"""Cards as a phone shows them: their heights, the labels that are cut, and pictures of them. `python -m docs.phone`."""
