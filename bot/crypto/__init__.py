"""Keys, sealing, PINs and codes. It knows nothing of what is sealed."""
