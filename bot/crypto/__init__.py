"""Keys, the sealing of values, PINs and codes. Nothing here interprets the values that are sealed."""
