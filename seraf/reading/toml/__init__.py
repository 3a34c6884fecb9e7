"""Typed reading of TOML, and the kinds of value that several tables share. It opens no file."""
