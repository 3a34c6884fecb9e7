"""Typed reading of TOML, and the few kinds of value that many tables share. It opens no file."""
