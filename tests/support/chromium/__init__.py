"""A real Chromium for tests: windows, axe, and how to reach each kind of page."""
