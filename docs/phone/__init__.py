"""Cards as a phone shows them: their heights, the labels that are cut off, and pictures. `python -m docs.phone`."""
