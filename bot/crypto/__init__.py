"""Keys, sealing, PINs and codes. It does not know the values that are sealed."""
