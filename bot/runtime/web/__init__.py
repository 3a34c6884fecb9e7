"""Settings of the pages in a browser. It knows no page."""
