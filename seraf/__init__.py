"""The pure domain: what an instrument is, what responses mean, and what follows. It imports the standard library alone."""
